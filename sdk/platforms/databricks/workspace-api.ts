import { Agent } from "node:https";
import { rootCertificates } from "node:tls";
import axios, { isAxiosError, type AxiosResponse } from "axios";
import { addressOf, type DatabricksConnection } from "./connection";
import type { ObservedDatabase } from "../../model/platform";
import { Refusal } from "./refusal";
import { textOf, timeOf } from "./rows";

const LONGEST_ANSWER_BYTES = 50_000_000;
const PAGE = "/api/2.1/unity-catalog/catalogs";
const WAREHOUSES = "/api/2.0/sql/warehouses";

/** A catalog as the REST API shows it: the same as SQL, and what SQL does not tell (Databricks: REST API, catalogs). */
export interface RestCatalog {
  readonly database: ObservedDatabase;
  /** MANAGED_CATALOG, DELTASHARING_CATALOG, FOREIGN_CATALOG, SYSTEM_CATALOG, ... */
  readonly type: string | undefined;
  /** Bound to some workspaces only. */
  readonly isIsolated: boolean;
}

/** A member of its answer, as far as it is read. Times are milliseconds. */
interface Answered {
  readonly name: string;
  readonly catalog_type?: string;
  readonly isolation_mode?: string;
  readonly comment?: string;
  readonly owner?: string;
  readonly created_at?: number;
  readonly updated_at?: number;
}

export interface Asking {
  readonly connection: DatabricksConnection;
  readonly token: string;
  readonly timeoutSeconds: number;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Every catalog that the workspace shows, by name.
 * @throws Refusal where the answer is no list of catalogs; what the HTTP client throws where there is none.
 */
export async function listCatalogs(asking: Asking): Promise<Map<string, RestCatalog>> {
  const found = new Map<string, RestCatalog>();
  for (let page: string | undefined; ;) {
    const { catalogs = [], next_page_token: next } = await get(asking, PAGE, { max_results: "1000", ...(page && { page_token: page }) });
    for (const catalog of catalogs as Answered[]) {
      const { name, comment, owner, created_at: created, updated_at: updated } = catalog;
      const facts = { comment: textOf(comment), owner: textOf(owner), createdAt: timeOf(created, 1), lastAlteredAt: timeOf(updated, 1) };
      found.set(name, { database: { name, ...facts }, type: catalog.catalog_type, isIsolated: catalog.isolation_mode === "ISOLATED" });
    }
    if (typeof next !== "string" || next === "" || next === page) return found;
    page = next;
  }
}

/** STARTING, RUNNING, STOPPING, STOPPED, DELETING or DELETED (Databricks: REST API, SQL warehouses). */
export async function warehouseState(asking: Asking, id: string): Promise<string> {
  const { state } = await get(asking, `${WAREHOUSES}/${encodeURIComponent(id)}`, {});
  return String(state);
}

async function get(
  { connection, token, timeoutSeconds, signal }: Asking,
  path: string,
  params: Readonly<Record<string, string>>,
): Promise<Readonly<Record<string, unknown>>> {
  const authority = connection.certificateAuthority;
  const answer = await axios.get<unknown>(`https://${addressOf(connection)}${path}`, {
    params,
    headers: { Authorization: `Bearer ${token}`, Accept: "application/json" },
    timeout: timeoutSeconds * 1_000,
    // A redirect would carry the token elsewhere, and only leads to a page for people.
    maxRedirects: 0,
    maxContentLength: LONGEST_ANSWER_BYTES,
    validateStatus: () => true,
    ...(authority !== undefined && { httpsAgent: new Agent({ ca: [...rootCertificates, authority] }) }),
    ...(signal && { signal }),
  });
  if (answer.status === 200 && isObject(answer.data)) return answer.data;
  throw refusal(answer, path);
}

function refusal({ status, data, headers }: AxiosResponse<unknown>, path: string): Refusal {
  const body = isObject(data) ? data : {};
  const said = [body["error_code"], body["message"]].filter((text) => typeof text === "string").join(": ");
  return new Refusal(said || `HTTP ${status}`, {
    status,
    place: path,
    isPage: !isObject(data),
    retryAfterSeconds: Number(headers["retry-after"]) || undefined,
  });
}

/** No answer came within the time that the client was given. */
export function isTimeout(error: unknown): boolean {
  return isAxiosError(error) && ["ECONNABORTED", "ETIMEDOUT"].includes(error.code ?? "") && error.response === undefined;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
