// What the children of the platforms' benchmarks do alike.

import { openLocal } from "pulumi-connections/sdk";

const CONNECTION = "bench";

/** The sync of a connection, the first or a later one; answers what it counted. */
export const syncs = {
  first: (store, connection) => withEngine(store, (api) => api.registerConnection({ connectionKey: CONNECTION, connection })),
  resync: (store) => withEngine(store, (api) => api.crawl([CONNECTION])),
};

async function withEngine(store, work) {
  const api = openLocal({ store });
  try {
    const { bulkId } = await work(api);
    const [job] = await api.waitForJobs(bulkId);
    if (job.state !== "completed") throw new Error(`the sync failed: ${job.output?.error}`);
    return job.output.plan.counts;
  } finally {
    await api.close();
  }
}

/** Does one work, and prints the result as JSON, times in milliseconds. */
export async function measure(work) {
  const started = performance.now();
  const seen = await work();
  const whole = performance.now() - started;
  const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
  console.log(JSON.stringify({ whole, cpu: (userCPUTime + systemCPUTime) / 1_000, peakBytes: maxRSS * 1_024, seen }));
}
