import { randomUUID } from "node:crypto";
import * as pulumi from "@pulumi/pulumi";
import { REDACTED, SECRET_FIELDS } from "../../sdk/model/secret-fields";

/** The field of a file; in payloads, its text is base64. */
const FILE = "content";

/** What the SDK knows of an output without showing it. */
interface Peeked {
  readonly isKnown: Promise<boolean>;
  promise(): Promise<unknown>;
}

/**
 * Texts in place of outputs and secrets, so that payloads can be read and compared as plain values; equal values have the same one,
 * whether they are outputs or not.
 */
export class StandIns {
  readonly #byValue = new Map<unknown, string>();
  readonly #outputs = new Map<string, pulumi.Output<unknown>>();

  /**
   * A copy of a payload, in which only secrets may be outputs. Files stand for what is in their base64.
   * @throws Error naming a field that is an output and may not be one
   */
  concealPayload(payload: unknown): Promise<unknown> {
    return this.#conceal(payload, [], async (output, path) => {
      const name = path.at(-1) ?? "";
      if (!SECRET_FIELDS.has(name)) {
        throw new Error(`${path.join(".")}: is an output, but has to be known while the program runs; give a plain value`);
      }
      if (name !== FILE) return this.#standInOf(output);
      return Buffer.from(await this.#standInOf(output.apply(unpacked))).toString("base64");
    });
  }

  /** A copy of connection information, in which anything may be an output. */
  concealConnection(connection: unknown): Promise<unknown> {
    return this.#conceal(connection, [], (output) => this.#standInOf(output));
  }

  /** What stands behind each stand-in in a value; secrets are marked as such. */
  reveal(value: unknown): unknown {
    if (typeof value === "string") return this.#outputs.get(value) ?? value;
    if (Array.isArray(value)) return value.map((member) => this.reveal(member));
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, this.reveal(member)]));
  }

  async #conceal(
    value: unknown,
    path: readonly string[],
    standInFor: (output: pulumi.Output<unknown>, path: readonly string[]) => Promise<string>,
  ): Promise<unknown> {
    if (pulumi.Output.isInstance(value) || value instanceof Promise) return standInFor(pulumi.output(value as unknown), path);
    if (typeof value === "string" && value !== REDACTED && SECRET_FIELDS.has(path.at(-1) ?? "")) {
      return standInFor(pulumi.secret(value), path);
    }
    if (typeof value !== "object" || value === null) return value;
    const entries = Object.entries(value).map(
      async ([name, member]) => [name, await this.#conceal(member, [...path, name], standInFor)] as const,
    );
    const members = await Promise.all(entries);
    return Array.isArray(value) ? members.map(([, member]) => member) : Object.fromEntries(members);
  }

  async #standInOf(output: pulumi.Output<unknown>): Promise<string> {
    const peeked = output as unknown as Peeked;
    const identity = (await peeked.isKnown) ? await peeked.promise() : output;
    let text = this.#byValue.get(identity);
    if (text === undefined) {
      text = `output ${randomUUID()}`;
      this.#byValue.set(identity, text);
      this.#outputs.set(text, output);
    }
    return text;
  }
}

function unpacked(text: unknown): string {
  return Buffer.from(String(text), "base64").toString("utf8");
}
