import { lazy, Suspense } from "preact/compat";
import type { DataObject } from "../../sdk/model/data-object";
import { nameOf } from "../object-path";
import { DeclaredDriftTable } from "../parts/declared-drift";
import { Link } from "../parts/link";
import { Answered, Empty, Waiting } from "../parts/notice";
import { Table } from "../parts/table";
import { useConnection, useConnections, useCounts, useDeclaredDrift, useLastJob, useSyncRecords } from "../queries";
import { browseAddress, queryText } from "../routing";
import { HEALTH_WORDS, healthOf } from "../tree/connection-health";
import { duration, fromNow, nextSync, number, time } from "../words";

/** The charts are loaded apart: nobody else needs the library. */
const SyncCharts = lazy(() => import("./sync-charts"));

/** All connections, and how one of them came to be what it is. */
export function Overview({ parameters }: { readonly parameters: URLSearchParams }) {
  return (
    <div class="overview">
      <h1>Connections</h1>
      <Answered of={useConnections()} what="the connections">
        {({ hits }) => {
          const keys = hits.map(({ objectPath }) => nameOf(objectPath));
          const chosen = keys.find((key) => key === parameters.get("connection")) ?? keys[0];
          if (chosen === undefined) {
            return (
              <Empty>
                None yet. Register one with <code>connections register</code> or a Pulumi program.
              </Empty>
            );
          }
          return (
            <>
              <Table
                label="Connections"
                titles={["Connection", "Health", "Technology", "Tables", "Data sources", "Missing", "Last sync", "Next sync"]}
              >
                {hits.map((object) => (
                  <ConnectionRow key={object.id} object={object} isChosen={nameOf(object.objectPath) === chosen} />
                ))}
              </Table>
              <Records connectionKey={chosen} />
              <Declared connectionKey={chosen} />
            </>
          );
        }}
      </Answered>
    </div>
  );
}

function ConnectionRow({ object, isChosen }: { readonly object: DataObject; readonly isChosen: boolean }) {
  const key = nameOf(object.objectPath);
  const counts = useCounts(object.objectPath).data;
  const details = useConnection(key).data;
  const health = healthOf(useLastJob(key).data?.jobs[0]);
  const last = details?.lastSync?.at;
  return (
    <tr class={isChosen ? "chosen" : ""}>
      <th scope="row">
        <Link to={browseAddress(object.objectPath)}>{key}</Link>
      </th>
      <td>
        <span class={`dot ${health}`} /> {HEALTH_WORDS[health]}
      </td>
      <td>{object.technology}</td>
      <td class="number">{counts && number(counts.tables)}</td>
      <td class="number">{counts && number(counts.dataSources)}</td>
      <td class="number">{counts && number(counts.missing)}</td>
      <td title={last === undefined ? undefined : time(last)}>{last === undefined ? "never" : fromNow(last)}</td>
      <td>
        {details && <span title={time(nextSync(details.createdAt))}>{fromNow(nextSync(details.createdAt))}</span>}{" "}
        {!isChosen && <Link to={`/${queryText({ connection: key })}`}>charts</Link>}
      </td>
    </tr>
  );
}

function Declared({ connectionKey }: { readonly connectionKey: string }) {
  return (
    <section aria-label="Pulumi">
      <h2>Changed since Pulumi declared it</h2>
      <Answered of={useDeclaredDrift([connectionKey])} what="what Pulumi declared">
        {({ hits }) =>
          hits.length === 0 ? (
            <Empty>Nothing, of what Pulumi programs declared by this server or its store.</Empty>
          ) : (
            <DeclaredDriftTable drift={hits} />
          )
        }
      </Answered>
    </section>
  );
}

function Records({ connectionKey }: { readonly connectionKey: string }) {
  return (
    <section aria-label={`Syncs of ${connectionKey}`}>
      <h2>{connectionKey} over time</h2>
      <Answered of={useSyncRecords(connectionKey)} what="its syncs">
        {({ hits }) =>
          hits.length === 0 ? (
            <Empty>No sync of the whole connection has succeeded since this is recorded.</Empty>
          ) : (
            <>
              <Suspense fallback={<Waiting what="the charts" />}>
                <SyncCharts records={hits} />
              </Suspense>
              <details>
                <summary>The same as a table</summary>
                <Table label="Syncs as a table" titles={["Sync ended", "Objects", "Data sources", "Missing", "Drift", "Duration"]}>
                  {[...hits].reverse().map((record) => (
                    <tr key={record.at}>
                      <th scope="row">{time(record.at)}</th>
                      <td class="number">{number(record.databases + record.schemas + record.tables)}</td>
                      <td class="number">{number(record.dataSources)}</td>
                      <td class="number">{number(record.missing)}</td>
                      <td class="number">{number(record.drift)}</td>
                      <td class="number">{duration(record.durationMilliseconds)}</td>
                    </tr>
                  ))}
                </Table>
              </details>
            </>
          )
        }
      </Answered>
    </section>
  );
}
