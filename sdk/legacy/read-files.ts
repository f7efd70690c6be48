import { opendir, readFile, stat } from "node:fs/promises";
import { extname, join } from "node:path";
import { BadRequestError, messageOf } from "../model/errors";
import { compareBytes } from "../model/path-key";
import type { LegacyRegistration } from "../model/legacy/registration";
import { documentsOf } from "./documents";
import { registrationsOf } from "./read-document";
import type { Spool } from "./spool";
import { SpooledRecords } from "./spooled-records";

const EXTENSIONS = new Set([".yaml", ".yml", ".json", ".tfstate"]);
const SHOWN_ERRORS = 20;

/** What a file holds: a registration, or something else that is left alone. */
export type FileContent =
  | { readonly kind: "registration"; readonly registration: LegacyRegistration }
  | { readonly kind: "other"; readonly file: string; readonly line: number };

/**
 * The registrations in files and folders (with everything beneath them), one file in memory at a time, in byte order of their
 * names. Names are as given, with what lies beneath a folder joined by `/`.
 * @throws BadRequestError after the last file, which lists what is wrong with file, line and field; at once for a name that is
 * no file or folder.
 */
export async function* readRegistrations(names: readonly string[], spool?: Spool): AsyncGenerator<FileContent> {
  const errors: string[] = [];
  let failed = 0;
  for (const name of names) {
    for await (const file of filesOf(name, spool)) {
      try {
        for (const document of documentsOf(file, await readFile(file, "utf8"))) {
          const registrations = registrationsOf(document);
          if (registrations === undefined) yield { kind: "other", file, line: document.lineOf([]) };
          else for (const registration of registrations) yield { kind: "registration", registration };
        }
      } catch (error) {
        if (!(error instanceof BadRequestError)) throw error;
        if (++failed <= SHOWN_ERRORS) errors.push(error.message);
      }
    }
  }
  if (failed === 0) return;
  const more = failed > SHOWN_ERRORS ? [`… and ${failed - SHOWN_ERRORS} more files`] : [];
  throw new BadRequestError([...errors, ...more].join("\n"));
}

async function* filesOf(name: string, spool: Spool | undefined): AsyncGenerator<string> {
  let isFolder: boolean;
  try {
    isFolder = (await stat(name)).isDirectory();
  } catch (cause) {
    throw new BadRequestError(`${name}: cannot be read (${messageOf(cause)}); name a file or a folder of registrations`, { cause });
  }
  if (!isFolder) {
    yield name;
    return;
  }
  const entries = new SpooledRecords<{ name: string; isFolder: boolean }>(spool, (a, b) => compareBytes(a.name, b.name));
  for await (const entry of await opendir(name)) {
    if (entry.name.startsWith(".") || entry.name === "node_modules") continue;
    const isRead = entry.isFile() && EXTENSIONS.has(extname(entry.name).toLowerCase());
    if (isRead || entry.isDirectory()) entries.add({ name: entry.name, isFolder: !isRead });
  }
  for (const entry of entries) {
    const path = join(name, entry.name);
    if (entry.isFolder) yield* filesOf(path, spool);
    else yield path;
  }
}
