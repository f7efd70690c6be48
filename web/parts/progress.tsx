import { isFinal, type Job } from "../job";
import { counted, number } from "../words";
import { Failure } from "./notice";

/** How far a sync or an upgrade is, or how it ended. */
export function Progress({ job }: { readonly job: Job }) {
  const { state, jobType, progress, output } = job;
  const { objects, databasesDone, databasesTotal, dataSourcesDone, dataSourcesTotal = 0, waitingFor } = progress;
  const isRunning = !isFinal(state);
  const [name, doing] = jobType === "upgrade" ? ["Upgrade", "Upgrading"] : ["Sync", "Syncing"];
  const isMoving = dataSourcesDone !== undefined;
  return (
    <div class="progress" role="status">
      <span>
        {isRunning ? (state === "created" ? "Waiting for its turn" : doing) : `${name} ${state}`}: {counted(objects, "object")} read
        {databasesTotal > 0 && `, ${number(databasesDone)} of ${counted(databasesTotal, "database")}`}
        {isMoving && `, ${number(dataSourcesDone)} of ${counted(dataSourcesTotal, "data source")} looked at`}
        {isRunning && waitingFor !== undefined && `; waiting for ${waitingFor}`}
      </span>
      {isRunning && !isMoving && <progress aria-label="Databases read" max={Math.max(1, databasesTotal)} value={databasesDone} />}
      {isRunning && isMoving && <progress aria-label="Data sources moved" max={Math.max(1, dataSourcesTotal)} value={dataSourcesDone} />}
      {output?.error !== undefined && <Failure error={new Error(output.error)} />}
    </div>
  );
}
