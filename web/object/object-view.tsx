import { Fragment } from "preact";
import type { DataObject, ObjectCounts } from "../../sdk/model/data-object";
import { ActivateNew } from "../actions/activate-new";
import { StatusSwitch } from "../actions/status-switch";
import { SyncPanel } from "../actions/sync-panel";
import { lineageOf, nameOf, type ObjectPath } from "../object-path";
import { Link } from "../parts/link";
import { Answered } from "../parts/notice";
import { useNames } from "../parts/principals";
import { MissingChip, StatusChip, originOf } from "../parts/status";
import { useCounts, useObject, useRights } from "../queries";
import { browseAddress } from "../routing";
import { counted, number, time } from "../words";
import { Audit } from "./audit";
import { Columns } from "./columns";
import { History } from "./history";
import { Lineage } from "./lineage";
import { PulumiLines } from "./pulumi-lines";
import { Tags } from "./tags";

const TABLE_LEVEL = 4;

const TABS = {
  columns: { title: "Columns", show: (object: DataObject) => <Columns object={object} /> },
  tags: { title: "Tags", show: ({ objectPath }: DataObject) => <Tags path={objectPath} /> },
  lineage: { title: "Lineage", show: ({ objectPath }: DataObject) => <Lineage path={objectPath} /> },
  audit: { title: "Query audit", show: ({ objectPath }: DataObject) => <Audit path={objectPath} /> },
  history: { title: "History", show: ({ objectPath }: DataObject) => <History path={objectPath} /> },
  pulumi: { title: "Pulumi", show: (object: DataObject) => <PulumiLines object={object} /> },
};
type Tab = keyof typeof TABS;

/** One object: what it is, what may be done with it, and what is known of it. */
export function ObjectView({ path, parameters }: { readonly path: ObjectPath; readonly parameters: URLSearchParams }) {
  const object = useObject(path);
  return (
    <Answered of={object} what={nameOf(path)}>
      {(data) => <Shown object={data} tab={parameters.get("tab")} bulkId={parameters.get("sync")} />}
    </Answered>
  );
}

function Shown({ object, tab, bulkId }: { readonly object: DataObject; readonly tab: string | null; readonly bulkId: string | null }) {
  const { objectPath } = object;
  const isTable = objectPath.length === TABLE_LEVEL;
  const tabs = (Object.keys(TABS) as Tab[]).filter((name) => isTable || name !== "columns");
  const shown = tabs.find((name) => name === tab) ?? tabs[0]!;
  const rights = useRights(objectPath).data?.hits;
  return (
    <article class="object" aria-labelledby="object-name">
      <nav aria-label="Above this object" class="crumbs">
        {lineageOf(objectPath)
          .slice(0, -1)
          .map((above) => (
            <Fragment key={above.length}>
              <Link to={browseAddress(above)}>{nameOf(above)}</Link>
              <span aria-hidden="true">/</span>
            </Fragment>
          ))}
      </nav>
      <header>
        <h1 id="object-name">{nameOf(objectPath)}</h1>
        <p class="facts">
          <span>{object.objectType}</span>
          <span>{object.technology}</span>
          <StatusChip object={object} /> <span class="quiet">{originOf(object)}</span>
          <MissingChip object={object} />
        </p>
        {object.comment !== null && object.comment !== "" && <p>{object.comment}</p>}
      </header>
      <section class="actions" aria-label="Settings and object sync">
        <StatusSwitch key={objectPath.join("/")} object={object} rights={rights} />
        {!isTable && <ActivateNew object={object} rights={rights} />}
        <SyncPanel path={objectPath} rights={rights} bulkId={bulkId} />
      </section>
      <Facts object={object} isTable={isTable} />
      <nav class="tabs" aria-label="Parts of this object">
        {tabs.map((name) => (
          <Link key={name} to={browseAddress(objectPath, { tab: name })} aria-current={name === shown ? "page" : undefined}>
            {TABS[name].title}
          </Link>
        ))}
      </nav>
      <section class="tab" aria-label={TABS[shown].title}>
        {TABS[shown].show(object)}
      </section>
    </article>
  );
}

function beneathText(level: number, { databases, schemas, tables }: ObjectCounts): string {
  const counts = [counted(databases, "database"), counted(schemas, "schema"), counted(tables, "table")];
  return counts.slice(level - 1).join(", ");
}

function Facts({ object, isTable }: { readonly object: DataObject; readonly isTable: boolean }) {
  const counts = useCounts(object.objectPath, !isTable).data;
  const { dataOwners, infrastructureAdmins } = object.settings;
  const nameOfPrincipal = useNames([...dataOwners.value, ...infrastructureAdmins.value]);
  const owners = dataOwners.value.map(nameOfPrincipal);
  const admins = infrastructureAdmins.value.map(nameOfPrincipal);
  const rows: readonly (readonly [string, string | null | undefined])[] = [
    ["Objects beneath", counts && beneathText(object.objectPath.length, counts)],
    ["Data sources", counts && number(counts.dataSources)],
    ["Missing beneath", counts && (counts.missing === 0 ? null : number(counts.missing))],
    ["Data owners", owners.join(", ")],
    ["Infrastructure admins", admins.join(", ")],
    ["Owner on the platform", object.owner],
    ["Made on the platform", object.createdAt && time(object.createdAt)],
    ["Changed on the platform", object.lastAlteredAt && time(object.lastAlteredAt)],
    ["Missing since", object.missingSince && time(object.missingSince)],
  ];
  return (
    <dl class="details">
      {rows
        .filter(([, value]) => value !== null && value !== undefined && value !== "")
        .map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
    </dl>
  );
}
