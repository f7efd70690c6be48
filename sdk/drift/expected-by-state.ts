import { z } from "zod";
import { BadRequestError } from "../model/errors";
import { formatObjectPath, parseObjectPath } from "../model/object-path";
import { PRINCIPAL_SETTINGS, principalKey, type PrincipalReference, type SettingName } from "../model/settings";
import { principalReferenceSchema, settingsSchema } from "../model/settings-schema";
import type { Expected, ExpectedSettings } from "./drift";

const TYPE = /pulumi-nodejs:dynamic\/connections:(\w+)$/;

const flags = z.record(z.string(), z.boolean()).optional();
const owners = z.record(z.string(), z.array(principalReferenceSchema)).optional();
const named = z.looseObject({ type: z.enum(["user", "group"]), id: z.int(), name: z.string() });
const exported = z.looseObject({
  deployment: z.looseObject({
    resources: z
      .array(z.looseObject({ type: z.string(), inputs: z.looseObject({}).optional(), outputs: z.looseObject({}).optional() }))
      .optional(),
  }),
});
const SCHEMAS = {
  Connection: z.looseObject({ connectionKey: z.string(), settings: settingsSchema.optional() }),
  ObjectStatus: z.looseObject({ objectPath: z.array(z.string()), isActive: z.boolean() }),
  ActivationSetting: z.looseObject({ objectPath: z.array(z.string()), activateNewChildren: z.boolean() }),
  ObjectStatuses: z.looseObject({ statuses: flags, activateNewChildren: flags }),
  ObjectOwners: z.looseObject({ dataOwners: owners, infrastructureAdmins: owners, principals: z.array(named).optional() }),
  GovernanceRules: z.looseObject({ connectionKey: z.string(), statuses: flags, activateNewChildren: flags }),
};

interface Builder {
  readonly settings: Map<string, ExpectedSettings>;
  readonly owned: Set<SettingName>;
}

/**
 * What the last `up` recorded (of owners by name, with the numbers that it found), out of what `pulumi stack export` prints, by connection key.
 * @throws BadRequestError when it is something else.
 */
export function expectedByState(text: string): ReadonlyMap<string, Expected> {
  const byKey = new Map<string, Builder>();
  const connection = (key: string): Builder => {
    let found = byKey.get(key);
    if (found === undefined) byKey.set(key, (found = { settings: new Map(), owned: new Set() }));
    return found;
  };
  const put = (path: string, settings: ExpectedSettings) => {
    const { settings: known } = connection(parseObjectPath(path)[0]!);
    known.set(path, { ...known.get(path), ...settings });
  };
  const putAll = (statuses: Readonly<Record<string, boolean>> = {}, activate: Readonly<Record<string, boolean>> = {}) => {
    for (const [path, isActive] of Object.entries(statuses)) put(path, { isActive });
    for (const [path, activateNewChildren] of Object.entries(activate)) put(path, { activateNewChildren });
  };
  for (const { type, inputs, outputs } of resourcesOf(text)) {
    switch (TYPE.exec(type)?.[1]) {
      case "Connection": {
        const { connectionKey, settings } = SCHEMAS.Connection.parse(inputs);
        connection(connectionKey);
        put(formatObjectPath([connectionKey]), settings ?? {});
        break;
      }
      case "ObjectStatus": {
        const { objectPath, isActive } = SCHEMAS.ObjectStatus.parse(inputs);
        put(formatObjectPath(objectPath), { isActive });
        break;
      }
      case "ActivationSetting": {
        const { objectPath, activateNewChildren } = SCHEMAS.ActivationSetting.parse(inputs);
        put(formatObjectPath(objectPath), { activateNewChildren });
        break;
      }
      case "ObjectStatuses": {
        const { statuses, activateNewChildren } = SCHEMAS.ObjectStatuses.parse(inputs);
        putAll(statuses, activateNewChildren);
        break;
      }
      case "ObjectOwners": {
        const { principals = [], ...maps } = SCHEMAS.ObjectOwners.parse(outputs ?? {});
        const numbers = new Map(principals.map(({ type, id, name }) => [principalKey({ type, name }), id]));
        const byNumber = (one: PrincipalReference) => {
          const id = numbers.get(principalKey(one));
          return id === undefined ? one : { type: one.type, id };
        };
        for (const setting of PRINCIPAL_SETTINGS) {
          for (const [path, list] of Object.entries(maps[setting] ?? {})) put(path, { [setting]: list.map(byNumber) });
        }
        break;
      }
      case "GovernanceRules": {
        const { connectionKey, statuses, activateNewChildren } = SCHEMAS.GovernanceRules.parse(inputs);
        const { owned } = connection(connectionKey);
        owned.add("isActive").add("activateNewChildren");
        putAll(statuses, activateNewChildren);
        break;
      }
      // Other people's resources, and those of ours that set nothing.
      default:
    }
  }
  return byKey;
}

function resourcesOf(text: string): readonly { readonly type: string; readonly inputs?: unknown; readonly outputs?: unknown }[] {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new BadRequestError("--state: is not valid JSON; give what `pulumi stack export` prints", { field: "state" });
  }
  const parsed = exported.safeParse(value);
  if (!parsed.success) throw new BadRequestError("--state: is no stack; give what `pulumi stack export` prints", { field: "state" });
  return parsed.data.deployment.resources ?? [];
}
