import * as pulumi from "@pulumi/pulumi";
import { runError } from "./run-error";

/**
 * Runs `accept` with the value of an input that names something: at once when it is plain, when it is known otherwise
 * (at preview perhaps never). Such a value is the resource's id, which is stored and shown in plain text, so it cannot be
 * a secret. What is returned belongs among the dependencies of the resource: it is not registered with a value that was
 * refused.
 */
export function whenKnown<T>(
  input: pulumi.Input<T>,
  resource: string,
  field: string,
  accept: (value: pulumi.Unwrap<T>) => void,
): pulumi.Output<pulumi.Resource[]> | [] {
  if (isPlain(input)) {
    accept(input as pulumi.Unwrap<T>);
    return [];
  }
  const value = pulumi.output(input);
  const notSecret = pulumi.isSecret(value).then((secret) => {
    if (secret) {
      throw runError(
        `${resource}: ${field}: is a secret, but it becomes the resource's id, which is stored in plain text; give a plain value`,
      );
    }
  });
  return value.apply(async (known): Promise<pulumi.Resource[]> => {
    await notSecret;
    accept(known);
    return [];
  });
}

function isPlain(input: unknown): boolean {
  if (Array.isArray(input)) return input.every(isPlain);
  return typeof input === "string" || input === undefined || input === null;
}
