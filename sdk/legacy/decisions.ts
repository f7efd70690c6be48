import { z } from "zod";
import { BadRequestError } from "../model/errors";
import type { LegacyOrigin } from "../model/legacy/registration";
import { problemsOf } from "../model/validate";
import { documentsOf } from "./documents";
import { getOrAdd } from "./object-tree";
import type { Decision } from "./plan";

const SHOWN_ORIGINS = 5;

/** Decision ids to answers. */
export type Answers = ReadonlyMap<string, string>;

const answersSchema = z.record(z.string(), z.union([z.string(), z.number(), z.boolean()]));

/**
 * The answers of a decisions file: `<decision id>: <answer>`, one a line.
 * @throws BadRequestError with file and line.
 */
export function readAnswers(file: string, text: string): Answers {
  const answers = new Map<string, string>();
  for (const { value, lineOf } of documentsOf(file, text)) {
    const [problem] = problemsOf(answersSchema, value);
    if (problem !== undefined) {
      throw new BadRequestError(
        `${file}:${lineOf(problem.path)}: ${problem.field}: expected one answer for each decision, as "<id>": <answer>`,
      );
    }
    for (const [id, answer] of Object.entries(answersSchema.parse(value))) answers.set(id, String(answer));
  }
  return answers;
}

/** What is asked, and what was answered. */
export class Decisions {
  readonly #open = new Map<string, { question: string; options: readonly string[]; origins: Map<string, LegacyOrigin> }>();
  readonly #asked = new Set<string>();

  constructor(readonly answers: Answers) {}

  /**
   * The answer, or undefined where there is none yet, which the plan then lists.
   * @throws BadRequestError for an answer that is none of the options.
   */
  ask(id: string, question: string, options: readonly string[], origins: readonly LegacyOrigin[]): string | undefined {
    this.#asked.add(id);
    const answer = this.answers.get(id);
    if (answer === undefined) {
      const open = getOrAdd(this.#open, id, () => ({ question, options, origins: new Map<string, LegacyOrigin>() }));
      for (const origin of origins) if (open.origins.size < SHOWN_ORIGINS) open.origins.set(`${origin.file}:${origin.line}`, origin);
      return undefined;
    }
    if (options.length > 0 && !options.includes(answer)) {
      throw new BadRequestError(
        `decisions: ${id}: "${answer}" is no answer to it; expected ${options.map((one) => `"${one}"`).join(" or ")}`,
        {
          field: id,
        },
      );
    }
    return answer;
  }

  /** An answer that may be given without being asked for. */
  optional(id: string): string | undefined {
    this.#asked.add(id);
    return this.answers.get(id);
  }

  /**
   * The questions without an answer.
   * @throws BadRequestError for an answer to a question that nobody asked.
   */
  open(): Decision[] {
    const unknown = [...this.answers.keys()].find((id) => !this.#asked.has(id));
    if (unknown !== undefined) {
      const asked = [...this.#open.keys()].map((id) => `"${id}"`).join(", ");
      throw new BadRequestError(`decisions: "${unknown}" answers nothing that is asked; ${asked === "" ? "remove it" : `open: ${asked}`}`, {
        field: unknown,
      });
    }
    return [...this.#open].map(([id, decision]) => ({ id, ...decision, origins: [...decision.origins.values()] }));
  }
}
