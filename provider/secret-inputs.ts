import * as pulumi from "@pulumi/pulumi";
import { SECRET_FIELDS } from "../sdk/model/secret-fields";

/** A copy of an input in which every field that holds a secret is marked as one, so that the state encrypts it. */
export function markSecrets<T>(input: pulumi.Input<T>): pulumi.Input<T> {
  return mark(input) as pulumi.Input<T>;
}

function mark(input: unknown): unknown {
  if (pulumi.Output.isInstance(input)) return input.apply(mark);
  if (input instanceof Promise) return input.then(mark);
  if (Array.isArray(input)) return input.map(mark);
  if (typeof input !== "object" || input === null) return input;
  return Object.fromEntries(
    Object.entries(input).map(([name, member]) => [
      name,
      SECRET_FIELDS.has(name) && member !== undefined ? pulumi.secret(member as unknown) : mark(member),
    ]),
  );
}

/**
 * The dotted names of the fields whose values the program marked secret, beyond those that always are. The hooks get
 * plain values; this tells them what to keep out of messages.
 */
export function secretFieldsOf(input: unknown, prefix: string): pulumi.Output<string[]> {
  return pulumi.output(collect(input, prefix));
}

async function collect(input: unknown, path: string): Promise<string[]> {
  if (pulumi.Output.isInstance(input)) return (await pulumi.isSecret(input)) ? [path] : [];
  if (input instanceof Promise) return collect(await input, path);
  if (typeof input !== "object" || input === null) return [];
  const nested = await Promise.all(
    Object.entries(input)
      .filter(([name]) => !SECRET_FIELDS.has(name))
      .map(([name, member]) => collect(member, `${path}.${name}`)),
  );
  return nested.flat();
}
