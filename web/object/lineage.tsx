import type { LineageEdge } from "../../sdk/model/activity";
import { nameOf, toText, type ObjectPath } from "../object-path";
import { Link } from "../parts/link";
import { Answered, Empty } from "../parts/notice";
import { useLineage } from "../queries";
import { browseAddress } from "../routing";
import { counted } from "../words";

const ROW_PIXELS = 56;
const WIDTH = 690;
const BOX = { width: 195, height: 42 };
const SHOWN = 12;

interface Neighbour {
  readonly path: ObjectPath;
  readonly columns: number;
}

/** What flows into an object, on its left, and out of it, on its right. */
export function Lineage({ path }: { readonly path: ObjectPath }) {
  return (
    <Answered of={useLineage(path)} what="lineage">
      {({ hits, next }) => (hits.length === 0 ? <None /> : <Graph path={path} edges={hits} isCut={next !== null} />)}
    </Answered>
  );
}

function None() {
  return <Empty>No lineage is known. It is read where the connection's integration switches lineage on.</Empty>;
}

function Graph({ path, edges, isCut }: { readonly path: ObjectPath; readonly edges: readonly LineageEdge[]; readonly isCut: boolean }) {
  const isInside = (other: ObjectPath) => path.every((name, index) => other[index] === name);
  const upstream = neighbours(
    edges.filter(({ target, source }) => isInside(target.objectPath) && !isInside(source.objectPath)).map(sourceOf),
  );
  const downstream = neighbours(
    edges.filter(({ source, target }) => isInside(source.objectPath) && !isInside(target.objectPath)).map(targetOf),
  );
  const rows = Math.max(1, Math.min(SHOWN, Math.max(upstream.length, downstream.length)));
  const height = rows * ROW_PIXELS;
  const hidden = Math.max(0, upstream.length - SHOWN) + Math.max(0, downstream.length - SHOWN);
  return (
    <>
      <div class="scrolls" tabIndex={0} role="region" aria-label="Lineage">
        <div class="lineage" style={{ height: `${height}px`, width: `${WIDTH}px` }}>
          <svg viewBox={`0 0 ${WIDTH} ${height}`} width={WIDTH} height={height} aria-hidden="true">
            {upstream.slice(0, SHOWN).map((_, index) => (
              <path key={index} d={curve(BOX.width, middle(index, Math.min(SHOWN, upstream.length), height), leftOf("own"), height / 2)} />
            ))}
            {downstream.slice(0, SHOWN).map((_, index) => (
              <path
                key={index}
                d={curve(
                  leftOf("own") + BOX.width,
                  height / 2,
                  leftOf("downstream"),
                  middle(index, Math.min(SHOWN, downstream.length), height),
                )}
              />
            ))}
          </svg>
          <ul aria-label="Made of">{boxes(upstream, "upstream", height)}</ul>
          <p class="node own" style={place("own", height / 2)}>
            {nameOf(path)}
          </p>
          <ul aria-label="Flows into">{boxes(downstream, "downstream", height)}</ul>
        </div>
      </div>
      {(hidden > 0 || isCut) && <Empty>Not all of it is shown{hidden > 0 ? `: ${counted(hidden, "object")} more` : ""}.</Empty>}
    </>
  );
}

const sourceOf = ({ source }: LineageEdge) => source;
const targetOf = ({ target }: LineageEdge) => target;

function neighbours(ends: readonly { readonly objectPath: ObjectPath; readonly column: string | null }[]): Neighbour[] {
  const found = new Map<string, { path: ObjectPath; columns: Set<string> }>();
  for (const { objectPath, column } of ends) {
    const key = toText(objectPath);
    const one = found.get(key) ?? { path: objectPath, columns: new Set() };
    if (column !== null) one.columns.add(column);
    found.set(key, one);
  }
  return [...found.values()].map(({ path, columns }) => ({ path, columns: columns.size }));
}

function boxes(some: readonly Neighbour[], side: "upstream" | "downstream", height: number) {
  const shown = some.slice(0, SHOWN);
  return shown.map(({ path, columns }, index) => (
    <li key={toText(path)} class="node" style={place(side, middle(index, shown.length, height))}>
      <Link to={browseAddress(path, { tab: "lineage" })} title={path.join(" / ")}>
        {nameOf(path)}
      </Link>
      <span class="quiet">{columns > 0 ? counted(columns, "column") : path.slice(0, -1).join(" / ")}</span>
    </li>
  ));
}

function leftOf(side: "upstream" | "own" | "downstream"): number {
  return { upstream: 0, own: (WIDTH - BOX.width) / 2, downstream: WIDTH - BOX.width }[side];
}

function middle(index: number, count: number, height: number): number {
  return (height / count) * (index + 0.5);
}

function place(side: "upstream" | "own" | "downstream", y: number) {
  return { left: `${leftOf(side)}px`, top: `${y - BOX.height / 2}px`, width: `${BOX.width}px`, height: `${BOX.height}px` };
}

function curve(x1: number, y1: number, x2: number, y2: number): string {
  const bend = (x2 - x1) / 2;
  return `M${x1} ${y1} C${x1 + bend} ${y1} ${x2 - bend} ${y2} ${x2} ${y2}`;
}
