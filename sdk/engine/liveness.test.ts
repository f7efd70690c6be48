import { hostname } from "node:os";
import { testClock } from "../../tests/support/clock";
import type { JobRow } from "../model/store";
import { Liveness } from "./liveness";

const job: JobRow = {
  ...{ id: "schedule:w:today", bulkId: "b", jobType: "objectSync", state: "active", objectPath: ["w"], requestedBy: "schedule" },
  ...{ createdAt: "2026-01-01T00:00:00.000Z", endedAt: null, heartbeatAt: "2026-01-01T00:00:00.000Z", output: null },
  progress: { objects: 0, databasesDone: 0, databasesTotal: 0 },
  owner: { host: hostname(), pid: process.pid },
};

it("counts a job as running until the engine that runs it ends it, though another of the process came too late for it", () => {
  const [first, second] = [new Liveness(testClock()), new Liveness(testClock())];
  const running = first.begin(job.id);
  second.begin(job.id).end();
  expect(second.isAlive(job)).toBe(true);
  running.end();
  expect(second.isAlive(job)).toBe(false);
});
