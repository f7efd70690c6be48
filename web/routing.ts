import { useEffect, useState } from "preact/hooks";
import { fromText, toText, type ObjectPath } from "./object-path";

export interface Address {
  readonly view: "overview" | "browse" | "search" | "syncs" | "upgrades" | "unknown";
  /** Of `browse`; empty where no object is chosen. */
  readonly path: ObjectPath;
  readonly parameters: URLSearchParams;
}

const CHANGED = "addresschange";

export function currentAddress(): Address {
  const { pathname, search } = window.location;
  const parameters = new URLSearchParams(search);
  const [, view = "", ...rest] = pathname.split("/");
  if (view === "") return { view: "overview", path: [], parameters };
  if (view === "search" || view === "syncs" || view === "upgrades") return { view, path: [], parameters };
  const path = rest.join("/") === "" ? [] : fromText(rest.join("/"));
  if (view === "browse" && path !== undefined) return { view, path, parameters };
  return { view: "unknown", path: [], parameters };
}

/** Goes to an address of this page. A replaced one leaves no step in the browser's history. */
export function go(address: string, options: { readonly replace?: boolean } = {}): void {
  if (options.replace === true) history.replaceState(null, "", address);
  else history.pushState(null, "", address);
  window.dispatchEvent(new Event(CHANGED));
}

export function useAddress(): Address {
  const [address, setAddress] = useState(currentAddress);
  useEffect(() => {
    const update = () => setAddress(currentAddress());
    window.addEventListener("popstate", update);
    window.addEventListener(CHANGED, update);
    return () => {
      window.removeEventListener("popstate", update);
      window.removeEventListener(CHANGED, update);
    };
  }, []);
  return address;
}

export function browseAddress(path: ObjectPath, parameters: Readonly<Record<string, string>> = {}): string {
  return `/browse${path.length === 0 ? "" : `/${toText(path)}`}${queryText(parameters)}`;
}

/** Empty values are left out. */
export function queryText(parameters: Readonly<Record<string, string>>): string {
  const text = new URLSearchParams(Object.entries(parameters).filter(([, value]) => value !== "")).toString();
  return text === "" ? "" : `?${text}`;
}
