import type { Answers } from "./decisions";
import { wholePlan, type ConversionPlan, type StreamedPlan } from "./plan";
import { ConversionPlanner } from "./planner";
import { readRegistrations } from "./read-files";
import { Spool } from "./spool";

/**
 * The plan for the registrations in files and folders.
 * @throws BadRequestError with file, line and field of what cannot be read.
 */
export async function planConversion(names: readonly string[], answers?: Answers): Promise<ConversionPlan> {
  return withConversion(names, answers, wholePlan);
}

/**
 * Hands the plan for the registrations in files and folders to `use`, until which ends it can be read. What is to be said of
 * them waits in a temporary file, so that many files take little more memory than a few.
 * @throws BadRequestError with file, line and field of what cannot be read, or where there is no room for the temporary file.
 */
export async function withConversion<Result>(
  names: readonly string[],
  answers: Answers | undefined,
  use: (plan: StreamedPlan) => Result | Promise<Result>,
): Promise<Result> {
  const spool = new Spool();
  try {
    const planner = new ConversionPlanner(answers, spool);
    for await (const content of readRegistrations(names, spool)) {
      if (content.kind === "registration") planner.add(content.registration);
      else planner.addOther(content);
    }
    return await use(planner.stream());
  } finally {
    spool.close();
  }
}
