import type { ConnectionLifecycle } from "../model/connection-lifecycle";
import type { ConnectionsApi } from "../model/connections-api";

/** What callers over HTTP may use: the common interface, and operations that only a server has. */
export type EngineApi = ConnectionsApi & ConnectionLifecycle;
