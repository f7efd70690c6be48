import { resolve } from "node:path";
import { redact, secretTexts } from "../../sdk/model/secret-fields";
import type { Properties } from "./core/resource-kind";

/** Shorter ones would blank out half of every sentence. */
const SHORTEST_SECRET = 4;

/** Remembers every secret that passes through this process and blanks it out of texts. */
export class Redactor {
  readonly #secrets = new Set<string>();

  /** Takes the values of secret fields, and of those that `secretFields` names. */
  learn(properties: Properties): void {
    const named = (properties["secretFields"] as unknown[] | undefined) ?? [];
    const values = [properties, ...named.map((field) => ({ secret: memberAt(properties, String(field)) }))];
    for (const [index, value] of values.entries()) {
      for (const text of secretTexts(value, index > 0)) {
        if (text.length < SHORTEST_SECRET) continue;
        this.#secrets.add(text);
        // A file name is absolute by the time an error names it.
        this.#secrets.add(resolve(text));
      }
    }
  }

  /** A secret of the configuration. */
  learnText(text: string): void {
    if (text.length >= SHORTEST_SECRET) this.#secrets.add(text);
  }

  clean(text: string): string {
    return redact(text, this.#secrets);
  }

  /** For values that end up in plain view: drift notes. */
  cleanAll(texts: readonly string[]): string[] {
    return texts.map((text) => this.clean(text));
  }
}

/** Names of databases may hold dots, so every split of the name is tried. */
function memberAt(value: unknown, path: string): unknown {
  if (path === "") return value;
  if (typeof value !== "object" || value === null) return undefined;
  for (const [name, member] of Object.entries(value)) {
    if (path === name) return member;
    if (path.startsWith(`${name}.`)) return memberAt(member, path.slice(name.length + 1));
  }
  return undefined;
}
