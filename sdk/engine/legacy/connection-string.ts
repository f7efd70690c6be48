import { hostText, type LegacyHost } from "../../model/legacy-data-source";

/** One text for the database of a host, by which data sources can be found again. */
export function connectionStringOf(host: LegacyHost, { database }: { readonly database: string }): string {
  return `${hostText(host)}/${database}`;
}
