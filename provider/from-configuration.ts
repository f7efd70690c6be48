import * as pulumi from "@pulumi/pulumi";
import { SECRET_FIELDS } from "../sdk/model/secret-fields";
import { runError } from "./run-error";

/**
 * A copy in which every `{ fromConfig: name }` is the value that the stack's configuration has under this name (in the
 * project's namespace): so a file that is shared by stacks holds neither secrets nor what differs between them.
 * @throws pulumi.RunError naming a value that the stack lacks.
 */
export function fromConfiguration<T>(value: T, owner: string): T {
  return resolve(value, "", owner) as T;
}

function resolve(value: unknown, field: string, owner: string): unknown {
  if (Array.isArray(value)) return value.map((member) => resolve(member, field, owner));
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value);
  const [first] = entries;
  if (entries.length === 1 && first?.[0] === "fromConfig" && typeof first[1] === "string") return configured(first[1], field, owner);
  return Object.fromEntries(entries.map(([name, member]) => [name, resolve(member, name, owner)]));
}

function configured(name: string, field: string, owner: string): unknown {
  const config = new pulumi.Config();
  const isSecret = SECRET_FIELDS.has(field);
  const found = isSecret ? config.getSecret(name) : config.get(name);
  if (found !== undefined) return found;
  const secret = isSecret ? " --secret" : "";
  throw runError(`${owner}: the stack has no configuration "${name}"; set it (pulumi config set${secret} ${name})`);
}
