import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } from "prom-client";

/** Seconds; a call that asks a platform takes longer than one that reads the store. */
const BUCKETS = [0.001, 0.005, 0.025, 0.1, 0.5, 2.5, 10, 60];

/**
 * Counts and times requests by route (never by path: names of objects are not for metrics), and tells how long the queue is that servers
 * share, if they do.
 * @returns the handler that answers them in the text form of Prometheus.
 */
export function addMetrics(
  app: FastifyInstance,
  queueSizes?: () => Promise<Readonly<Record<string, number>>>,
): (request: FastifyRequest, reply: FastifyReply) => Promise<string> {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const labels = ["method", "route", "status"] as const;
  const duration = new Histogram({
    name: "connections_http_request_duration_seconds",
    help: "How long requests took, by route and status",
    labelNames: labels,
    buckets: BUCKETS,
    registers: [registry],
  });
  const refused = new Counter({
    name: "connections_http_logins_refused_total",
    help: "Requests without valid credentials",
    registers: [registry],
  });
  if (queueSizes !== undefined) addQueue(app, registry, queueSizes);
  app.addHook("onResponse", async (request, reply) => {
    const route = request.routeOptions.config.route?.path ?? request.routeOptions.url ?? "none";
    duration.observe({ method: request.method, route, status: String(reply.statusCode) }, reply.elapsedTime / 1_000);
    if (reply.statusCode === 401) refused.inc();
  });
  return (_request, reply) => {
    void reply.header("content-type", registry.contentType);
    return registry.metrics();
  };
}

function addQueue(app: FastifyInstance, registry: Registry, queueSizes: () => Promise<Readonly<Record<string, number>>>): void {
  new Gauge({
    name: "connections_queue_tasks",
    help: "Tasks of the queue that wait or run, by kind: whole syncs, and their databases",
    labelNames: ["kind"],
    registers: [registry],
    async collect() {
      // While the database is away there is no number; the other metrics are told all the same.
      this.reset();
      try {
        for (const [kind, tasks] of Object.entries(await queueSizes())) this.set({ kind }, tasks);
      } catch (error) {
        app.log.warn({ err: error }, "the queue could not be counted");
      }
    },
  });
}
