import * as pulumi from "@pulumi/pulumi";

/**
 * Runs `use` with the value of an input that names something: at once when it is plain, when it is known otherwise (at
 * preview perhaps never). Such a value is the resource's id, which is stored and shown in plain text, so it cannot be a
 * secret.
 */
export function whenKnown<T>(input: pulumi.Input<T>, resource: string, field: string, use: (value: pulumi.Unwrap<T>) => void): void {
  if (isPlain(input)) {
    use(input as pulumi.Unwrap<T>);
    return;
  }
  const value = pulumi.output(input);
  void pulumi.isSecret(value).then((secret) => {
    if (secret) {
      throw new pulumi.RunError(
        `${resource}: ${field}: is a secret, but it becomes the resource's id, which is stored in plain text; give a plain value`,
      );
    }
  });
  value.apply((known) => use(known));
}

function isPlain(input: unknown): boolean {
  if (Array.isArray(input)) return input.every(isPlain);
  return typeof input === "string" || input === undefined || input === null;
}
