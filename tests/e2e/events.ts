import { existsSync, readFileSync } from "node:fs";

/** The parts of the engine's events that the tests look at. */
interface EngineEvent {
  readonly resourcePreEvent?: { readonly metadata: Step };
  readonly diagnosticEvent?: { readonly message: string; readonly severity: string };
}

interface Step {
  readonly op: string;
  readonly urn: string;
  readonly new?: { readonly inputs?: Properties; readonly outputs?: Properties } | null;
  readonly diffs?: readonly string[] | null;
}

type Properties = Readonly<Record<string, unknown>>;

/** What the URNs of our resources have in them; before it stand the types of the components that they belong to. */
export const OWN_TYPES = "pulumi-nodejs:dynamic/connections:";

/** What an operation did, as its events tell. */
export interface Events {
  /** The steps of our resources that change anything, as `warehouse: update`. */
  readonly changes: readonly string[];
  /** The drift notes of the resources that are updated, by name. */
  readonly drift: Readonly<Record<string, unknown>>;
  /** The names of the properties that each updated resource differs in. */
  readonly diffs: Readonly<Record<string, readonly string[]>>;
  readonly errors: string;
  readonly warnings: string;
}

export function readEvents(file: string): Events {
  const lines = existsSync(file) ? readFileSync(file, "utf8").split("\n") : [];
  const events = lines.filter((line) => line !== "").map((line) => JSON.parse(line) as EngineEvent);
  const steps = events
    .flatMap(({ resourcePreEvent }) => resourcePreEvent?.metadata ?? [])
    .filter(({ urn, op }) => urn.includes(OWN_TYPES) && op !== "same" && op !== "refresh");
  const diagnostics = events.flatMap(({ diagnosticEvent }) => diagnosticEvent ?? []);
  const messages = (wanted: string) =>
    diagnostics
      .filter(({ severity }) => severity === wanted)
      .map(({ message }) => message)
      .join("\n");
  return {
    changes: steps.map(({ op, urn }) => `${nameOf(urn)}: ${op}`).sort(),
    drift: Object.fromEntries(steps.flatMap((step) => (step.new?.inputs?.["drift"] ? [[nameOf(step.urn), step.new.inputs["drift"]]] : []))),
    diffs: Object.fromEntries(steps.map(({ urn, diffs }) => [nameOf(urn), diffs ?? []])),
    errors: messages("error"),
    warnings: messages("warning"),
  };
}

/** The resource's name in the program. */
export function nameOf(urn: string): string {
  return urn.split("::").at(-1)!;
}
