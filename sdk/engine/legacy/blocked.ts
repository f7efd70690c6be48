import { BlockedError } from "../../model/errors";
import { formatObjectPath, type ObjectPath } from "../../model/object-path";

interface Action {
  readonly what: string;
  /** The call on the connection that takes its place, for an object or what is known of its path. */
  readonly instead: (path: ObjectPath) => string;
}

const SCHEMA_ELEMENTS = 3;

/** What legacy calls do, each with what takes its place on a connection (contract: deprecated endpoints). */
const ACTIONS = {
  create: { what: "registering data sources", instead: createInstead },
  editConnection: {
    what: "editing the connection of a data source",
    instead: ([key]) => `there is no such call, since credentials belong to the connection: PUT ${call("connection", [key!])}`,
  },
  detect: { what: "running schema detection", instead: (path) => `POST ${call("crawl", path)}` },
  delete: { what: "deleting a data source", instead: (path) => `DELETE ${call("object", path)}` },
  enable: { what: "enabling a data source", instead: (path) => settings(path, true) },
  disable: { what: "disabling a data source", instead: (path) => settings(path, false) },
  integration: { what: "changing the integration", instead: ([key]) => `PUT ${call("connection", [key!])}` },
} as const satisfies Readonly<Record<string, Action>>;

export type LegacyAction = keyof typeof ACTIONS;

/**
 * A legacy call on a host that was upgraded, in the words of the contract (status codes).
 * @param objectPath what it was called for, as far as it is known
 */
export function blocked(action: LegacyAction, subject: string, objectPath: ObjectPath): BlockedError {
  const { what, instead }: Action = ACTIONS[action];
  return new BlockedError(
    `400 Bad Request - ${what} is blocked for ${subject}, which belongs to connection "${objectPath[0]}" since the upgrade. ` +
      `Use the /data endpoint. Instead: ${instead(objectPath)}`,
  );
}

function createInstead(path: ObjectPath): string {
  const where = path.length > SCHEMA_ELEMENTS ? settings(path, true) : `${settings(path, true)}, at the path of the table`;
  return (
    `give the connection's system user access to the table; POST ${call("crawl", path.slice(0, SCHEMA_ELEMENTS))}; ` +
    `and where the schema does not activate new children, ${where}`
  );
}

function settings(path: ObjectPath, isActive: boolean): string {
  return `PUT ${call("settings", path)} with {"settings": {"isActive": ${isActive}}}`;
}

function call(route: string, path: ObjectPath): string {
  return `/data/${route}/${formatObjectPath(path)}`;
}
