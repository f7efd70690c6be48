import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { Counter, Histogram, Registry, collectDefaultMetrics } from "prom-client";

/** Seconds; a call that asks a platform takes longer than one that reads the store. */
const BUCKETS = [0.001, 0.005, 0.025, 0.1, 0.5, 2.5, 10, 60];

/**
 * Counts and times requests by route (never by path: names of objects are not for metrics).
 * @returns the handler that answers them in the text form of Prometheus.
 */
export function addMetrics(app: FastifyInstance): (request: FastifyRequest, reply: FastifyReply) => Promise<string> {
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
