import type { Answers } from "./decisions";
import type { ConversionPlan } from "./plan";
import { ConversionPlanner } from "./planner";
import { readRegistrations } from "./read-files";

/**
 * The plan for the registrations in files and folders.
 * @throws BadRequestError with file, line and field of what cannot be read.
 */
export async function planConversion(names: readonly string[], answers?: Answers): Promise<ConversionPlan> {
  const planner = new ConversionPlanner(answers);
  for await (const content of readRegistrations(names)) {
    if (content.kind === "registration") planner.add(content.registration);
    else planner.addOther(content);
  }
  return planner.plan();
}
