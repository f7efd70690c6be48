import * as pulumi from "@pulumi/pulumi";

/** A resource as the program registered it. */
export interface Declared {
  readonly type: string;
  readonly name: string;
  readonly inputs: Readonly<Record<string, unknown>>;
}

/**
 * Runs a program against mocks of the Pulumi engine and answers what it declared, in order. As the engine does, a resource's
 * outputs are its inputs; at preview its id is unknown.
 */
export async function declaredBy(program: () => unknown, { preview = false } = {}): Promise<Declared[]> {
  const declared: Declared[] = [];
  await pulumi.runtime.setMocks(
    {
      newResource: ({ type, name, inputs, id }) => {
        if (type !== "pulumi:pulumi:Stack") declared.push({ type, name, inputs: inputs as Declared["inputs"] });
        return { id: preview ? undefined : (id ?? `${name}-id`), state: inputs as Record<string, unknown> };
      },
      call: ({ token }) => {
        throw new Error(`the program called ${token}`);
      },
    },
    "project",
    "stack",
    preview,
  );
  const failures: unknown[] = [];
  await pulumi.runtime.runInPulumiStack(async () => {
    try {
      await program();
    } catch (error) {
      // Thrown in here, it would end the process.
      failures.push(error);
    }
    return {};
  });
  await pulumi.runtime.disconnect();
  if (failures.length > 0) throw failures[0];
  return declared;
}

/** The value of an output that is known. */
export async function valueOf<T>(output: pulumi.Output<T>): Promise<T> {
  return new Promise((resolve) => output.apply((value) => resolve(value)));
}
