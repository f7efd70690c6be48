import * as pulumi from "@pulumi/pulumi";

/** A resource as the program registered it. */
export interface Declared {
  readonly type: string;
  readonly name: string;
  readonly inputs: Readonly<Record<string, unknown>>;
}

export interface MockOptions {
  readonly preview?: boolean;
  /** What the platform adds to the inputs of a resource. */
  readonly computed?: (resource: Declared) => Readonly<Record<string, unknown>>;
}

/**
 * Runs a program against mocks of the Pulumi engine and answers what it declared, in order. As the engine does, a resource's
 * outputs are its inputs and what is computed; at preview that is unknown, as is its id.
 */
export async function declaredBy(program: () => unknown, { preview = false, computed }: MockOptions = {}): Promise<Declared[]> {
  const declared: Declared[] = [];
  await pulumi.runtime.setMocks(
    {
      newResource: ({ type, name, inputs, id }) => {
        const resource = { type, name, inputs: inputs as Declared["inputs"] };
        if (type !== "pulumi:pulumi:Stack") declared.push(resource);
        const state = preview ? resource.inputs : { ...resource.inputs, ...computed?.(resource) };
        return { id: preview ? undefined : id || `${name}-id`, state };
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

export function ofType(declared: readonly Declared[], type: string): Declared[] {
  return declared.filter((resource) => resource.type.endsWith(`:${type}`));
}

/** The inputs of the one resource of a type. */
export function inputsOf(declared: readonly Declared[], type: string): Declared["inputs"] {
  const found = ofType(declared, type);
  if (found.length !== 1) throw new Error(`expected one ${type}, got ${found.length}`);
  return found[0]!.inputs;
}

/** The one connection's inputs; the mocks pass a secret anywhere inside an input on as a secret input, which is opened here. */
export function connectionInputs(declared: readonly Declared[]): Record<string, unknown> {
  const { __provider: _provider, ...inputs } = inputsOf(declared, "Connection");
  return Object.fromEntries(
    Object.entries(inputs).map(([name, input]) => [
      name,
      pulumi.runtime.isRpcSecret(input) ? (pulumi.runtime.unwrapRpcSecret(input) as unknown) : input,
    ]),
  );
}

/** The resources that users of an output wait for, as `Grant gov-catalog-sales`. */
export async function waitedFor(output: pulumi.Output<unknown>): Promise<string[]> {
  const resources = await (output as unknown as { allResources(): Promise<Set<pulumi.Resource>> }).allResources();
  return Promise.all([...resources].map(async (resource) => (await valueOf(resource.urn)).replace(/^.*:(\w+)::(.*)$/s, "$1 $2")));
}

/** The value of an output that is known. */
export async function valueOf<T>(output: pulumi.Output<T>): Promise<T> {
  return new Promise((resolve) => output.apply((value) => resolve(value)));
}
