import * as pulumi from "@pulumi/pulumi";

/**
 * An error that ends the program with its message alone. It has no stack: the SDK formats one even where it does not show
 * it, and Node 20 takes half a minute for that when a frame lies in the SDK itself.
 */
export function runError(message: string): pulumi.RunError {
  return Object.assign(new pulumi.RunError(message), { stack: "" });
}
