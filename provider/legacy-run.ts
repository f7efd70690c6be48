import * as pulumi from "@pulumi/pulumi";
import type { LegacyDeclaration, LegacyOutcome } from "./legacy-declaration";
import { runError } from "./run-error";

interface Run {
  readonly declarations: LegacyDeclaration[];
  readonly outcomes: Promise<ReadonlyMap<LegacyDeclaration, LegacyOutcome>>;
  isClosed: boolean;
}

/** One for each run of a program: several may share this process. */
const runs = new WeakMap<object, Run>();
const withoutStack = {};

/**
 * What becomes of a declaration, once all of the program's body are known.
 * @throws pulumi.RunError where the program has waited for something before: what is declared earlier is registered by then.
 */
export async function settledWith(declaration: LegacyDeclaration): Promise<LegacyOutcome> {
  const stack = pulumi.runtime.getStackResource() ?? withoutStack;
  let run = runs.get(stack);
  if (run === undefined) runs.set(stack, (run = startRun()));
  if (run.isClosed) {
    throw runError(
      `${declaration.owner}: is made after the program waited for something; make all of them before the first await, since they are planned together`,
    );
  }
  run.declarations.push(declaration);
  return (await run.outcomes).get(declaration)!;
}

function startRun(): Run {
  const declarations: LegacyDeclaration[] = [];
  const run: Run = { declarations, outcomes: settleAll(), isClosed: false };
  return run;

  async function settleAll(): Promise<ReadonlyMap<LegacyDeclaration, LegacyOutcome>> {
    await new Promise((resolve) => setImmediate(resolve));
    run.isClosed = true;
    // What reads payloads and looks accounts up is not needed by other programs.
    const { settle } = await import("./legacy/settle.js");
    return settle(declarations);
  }
}
