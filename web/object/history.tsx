import type { ObjectEvent } from "../../sdk/model/browsing";
import type { Principal } from "../../sdk/model/settings";
import { isSame, nameOf, type ObjectPath } from "../object-path";
import { Link } from "../parts/link";
import { Answered, Empty } from "../parts/notice";
import { useNames } from "../parts/principals";
import { useEvents } from "../queries";
import { browseAddress } from "../routing";
import { fromNow, time } from "../words";

/** Who set what and when, and which sync found, lost or changed the object. */
export function History({ path }: { readonly path: ObjectPath }) {
  return (
    <Answered of={useEvents(path)} what="the history">
      {({ hits }) => (
        <>
          {hits.length > 0 && (
            <ol class="history">
              {hits.map((event, index) => (
                <li key={index}>
                  <time dateTime={event.at} title={time(event.at)}>
                    {fromNow(event.at)}
                  </time>
                  <div>
                    <Told event={event} path={path} />
                  </div>
                </li>
              ))}
            </ol>
          )}
          <Empty>
            {hits.length === 0 && "Nothing is recorded. "}
            As far as it was recorded: the last 100 changes of settings here and above, and what the last 50 syncs kept of this object (each
            keeps its first 1,000 changes).
          </Empty>
        </>
      )}
    </Answered>
  );
}

function Told({ event, path }: { readonly event: ObjectEvent; readonly path: ObjectPath }) {
  const { dataOwners, infrastructureAdmins } = event.kind === "settings" ? event.settings : {};
  const nameOfPrincipal = useNames([...(dataOwners ?? []), ...(infrastructureAdmins ?? [])]);
  if (event.kind === "settings") {
    return (
      <>
        <strong>{event.by}</strong> set {settingsText(event.settings, nameOfPrincipal)}
        {isSame(event.objectPath, path) ? " here" : <> on {<Link to={browseAddress(event.objectPath)}>{nameOf(event.objectPath)}</Link>}</>}
      </>
    );
  }
  const { change, by } = event;
  const details = [
    ...(change.details ?? []),
    ...(change.columns ?? []).map(({ kind, name, detail }) => `column ${name} ${detail ?? kind}`),
    ...(change.state === undefined ? [] : [`starts ${change.state}`]),
  ];
  return (
    <>
      <Link to={browseAddress(path.slice(0, 1), { sync: event.bulkId })}>A sync</Link> by <strong>{by}</strong> {SYNC_WORDS[change.kind]}
      {details.length > 0 && `: ${details.join("; ")}`}
    </>
  );
}

const SYNC_WORDS = { new: "found it", missing: "no longer found it", returned: "found it again", changed: "found it changed" } as const;

function settingsText(
  settings: Extract<ObjectEvent, { kind: "settings" }>["settings"],
  nameOfPrincipal: (one: Principal) => string,
): string {
  const { isActive, activateNewChildren, dataOwners, infrastructureAdmins } = settings;
  const flag = (name: string, value: boolean | null | undefined) =>
    value === undefined ? [] : [`${name} to ${value === null ? "inherit" : String(value)}`];
  const people = (name: string, value: typeof dataOwners) =>
    value === undefined ? [] : [`${name} to ${value === null ? "inherit" : value.map(nameOfPrincipal).join(", ") || "nobody"}`];
  return [
    ...flag("active", isActive),
    ...flag("activate new", activateNewChildren),
    ...people("data owners", dataOwners),
    ...people("infrastructure admins", infrastructureAdmins),
  ].join(", ");
}
