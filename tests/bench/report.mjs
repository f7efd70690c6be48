const SYNC_NAMES = { baseline: "raw driver", first: "first sync", resync: "unchanged re-sync", dryRun: "dry run" };

const RATIO_HEAD = ["", "goal", "ratio", "", "fastest"];

export function printSync({ tables, rounds, results }) {
  console.log(`\nSync of ${tables} tables x 10 columns, ${rounds} rounds (min / median / max)`);
  printTable(
    ["", "whole s", "opening s", "closing s", "work s", "CPU s", "peak MB"],
    results.map((result) => [
      SYNC_NAMES[result.work],
      ...["whole", "opening", "closing"].map((name) => three(result[name], 1e3)),
      three(result.workTime, 1e3),
      three(result.cpu, 1e3),
      three(result.peakBytes, 1e6, 0),
    ]),
  );
  const rows = results
    .filter(({ ratio }) => ratio !== undefined)
    .flatMap(({ work, goal, ratio }) => [
      ratioRow(`${SYNC_NAMES[work]}: whole`, ratio.whole, goal),
      ratioRow(`${SYNC_NAMES[work]}: work`, ratio.workTime, goal),
      ratioRow(`${SYNC_NAMES[work]}: peak memory`, ratio.peakBytes),
    ]);
  console.log("\nRatios to reading the same rows by the raw driver");
  printTable(RATIO_HEAD, rows);
  console.log(
    "  whole: from nothing open to everything closed. work: the same less the driver's opening (ATTACH) and closing of the file,\n" +
      "  which both sides do once and which are timed in the same process: what is left is reading, comparing and storing.",
  );
}

const PLATFORM_NAMES = { readAll: "raw driver, all rows", list: "raw driver, objects", first: "first sync", resync: "unchanged re-sync" };

export function printPlatform(name, server, { tables, rounds, results }) {
  console.log(`\n${name}: ${tables} tables x 10 columns on ${server}, ${rounds} rounds (min / median / max)`);
  printTable(
    ["", "whole s", "CPU s", "peak MB", "statements"],
    results.map(({ work, whole, cpu, peakBytes, statements }) => [
      PLATFORM_NAMES[work],
      three(whole, 1e3),
      three(cpu, 1e3),
      three(peakBytes, 1e6, 0),
      String(statements),
    ]),
  );
  console.log("\nRatios: a first sync to reading the same rows, an unchanged one to listing the objects");
  printTable(
    RATIO_HEAD,
    results.filter(({ ratio }) => ratio !== undefined).map(({ work, ratio, goal }) => ratioRow(PLATFORM_NAMES[work], ratio, goal)),
  );
}

export function printConvert({ rounds, results }) {
  console.log(`\nConversion of V2 files, ${rounds} rounds (min / median / max)`);
  printTable(
    ["files", "files/s", "x parsing alone", "peak MB", "parsing alone", "kB a file that the plan holds"],
    results.map(({ files, filesPerSecond, ratio, peakBytes, parsePeakBytes, heldBytesPerFile }) => [
      String(files),
      three(filesPerSecond, 1, 0),
      three(ratio),
      three(peakBytes, 1e6, 0),
      three(parsePeakBytes, 1e6, 0),
      three(heldBytesPerFile, 1e3),
    ]),
  );
}

export function printPulumi({ resources, rounds, goal, results }) {
  console.log(`\nPulumi with ${resources} resources against ${resources} no-op dynamic resources, ${rounds} rounds (min / median / max)`);
  printTable(
    [...RATIO_HEAD, "ours s", "no-op s"],
    results.map(({ title, ratio, ours, noop }) => [...ratioRow(title, ratio, goal), three(ours, 1e3), three(noop, 1e3)]),
  );
}

const OVERRIDE_NAMES = { single: "single resources", set: "one set" };

export function printOverrides({ rounds, goal, goalRequests, results }) {
  for (const { overrides, steps } of results) {
    console.log(
      `\n${overrides} overrides at a server against ${overrides + 1} no-op dynamic resources, ${rounds} rounds (min / median / max)`,
    );
    printTable(
      [...RATIO_HEAD, "ours s", "no-op s", "requests", `previews < ${goalRequests}`],
      steps.flatMap(({ title, kinds, noop }) =>
        kinds.map(({ kind, ratio, time, requests }) => [
          ...ratioRow(`${title}, ${OVERRIDE_NAMES[kind]}`, ratio, goal),
          three(time, 1e3),
          three(noop, 1e3),
          three(requests, 1, 0),
          title.startsWith("preview") ? verdict(requests.max, goalRequests - 1) : "",
        ]),
      ),
    );
  }
}

const ENGINE_NAMES = {
  drain: "platform stream alone",
  first: "first sync",
  unchanged: "unchanged re-sync",
  changed: "re-sync, 1 % changed",
};
const CALL_NAMES = { settings: "settings change on the connection", read: "effective read of a table", page: "page of 100 tables" };

export function printEngine({ rounds, goals, results, growth }) {
  console.log(`\nEngine on a generated platform, 10 columns a table, ${rounds} rounds (min / median / max)`);
  printTable(
    ["tables", "", "us a table", "x stream", "peak MB over empty", `goal ${goals.peakMegabytes}`],
    results.flatMap(({ tables, syncs }) =>
      syncs.map(({ work, microsecondsPerTable, ratioToDrain, peakBytesOverEmpty }) => [
        String(tables),
        ENGINE_NAMES[work],
        three(microsecondsPerTable),
        ratioToDrain.toFixed(2),
        three(peakBytesOverEmpty, 1e6, 0),
        work === "drain" ? "" : verdict(peakBytesOverEmpty.median / 1e6, goals.peakMegabytes),
      ]),
    ),
  );
  console.log("\nGrowth of the time for one table");
  printTable(
    ["", "tables", "goal", "ratio", ""],
    growth.map(({ work, from, to, ratio }) => [
      ENGINE_NAMES[work],
      `${from} -> ${to}`,
      `<= ${goals.growth}`,
      ratio.toFixed(2),
      verdict(ratio, goals.growth),
    ]),
  );
  console.log("\nSingle calls");
  printTable(
    ["tables", "", "goal ms", "ms", ""],
    results.flatMap(({ tables, calls }) =>
      Object.entries(calls).map(([name, times]) => [
        String(tables),
        CALL_NAMES[name],
        `< ${goals[name]}`,
        three(times, 1, 3),
        verdict(times.median, goals[name]),
      ]),
    ),
  );
}

const SERVER_NAMES = {
  read: "read of a random table",
  page: "page of 100 tables of a random schema",
  settings: "settings of a random table",
};

export function printServer({ tables, rounds, connections, results, memory }) {
  console.log(`\nServer on ${tables} generated tables, ${connections} connections, ${rounds} rounds (min / median / max)`);
  printTable(
    ["", "requests/s", "p99 ms", "constant: requests/s", "p99 ms", "x time a request", "x p99"],
    results.map(({ name, rate, p99, constantRate, constantP99, ratio, p99Ratio }) => [
      SERVER_NAMES[name],
      three(rate, 1, 0),
      three(p99, 1, 0),
      three(constantRate, 1, 0),
      three(constantP99, 1, 0),
      three(ratio),
      three(p99Ratio),
    ]),
  );
  console.log("  constant: the same framework answering a fixed text of the same size in a process of its own, without authentication.");
  const [before, after] = [memory.before, memory.after].map((bytes) => (bytes / 1e6).toFixed(0));
  console.log(
    `  memory: ${before} MB after warming up, ${after} MB after ${memory.minutes} minutes with ${memory.requests} requests, no errors`,
  );
}

export function printPage(results) {
  const { tables, rounds, goalMilliseconds: goal, firstRows, longestFrame, frameOf99, slowFrames, frames } = results;
  const { longestEmptyFrame, slowEmptyFrames, longestWork } = results;
  console.log(`\nInfrastructure page on ${tables} generated tables, ${rounds} rounds (min / median / max)`);
  printTable(
    ["", "goal", "", "", "an empty page"],
    [
      ["first rows of a deep address, ms", "", three(firstRows, 1, 0), "", ""],
      ["frames while scrolling 100,000 rows", "", three(frames, 1, 0), "", ""],
      ["longest of 99 % of them, ms", "", three(frameOf99, 1, 1), "", ""],
      ["longest, ms", `<= ${goal}`, three(longestFrame, 1, 1), verdict(longestFrame.median, goal), three(longestEmptyFrame, 1, 1)],
      [`longer than ${goal} ms`, "0", three(slowFrames, 1, 0), verdict(slowFrames.median, 0), three(slowEmptyFrames, 1, 0)],
      ["longest work of the page, ms of processor", `<= ${goal}`, three(longestWork, 1, 1), verdict(longestWork.median, goal), ""],
    ],
  );
}

function verdict(value, goal) {
  return value <= goal ? "met" : "MISSED";
}

/** The verdict is the median's. */
function ratioRow(title, ratio, goal) {
  const judged = goal === undefined ? ["", ""] : [`<= ${goal}`, verdict(ratio.median, goal)];
  return [title, judged[0], three(ratio), judged[1], ratio.fastest.toFixed(2)];
}

function three({ min, median, max }, unit = 1, digits = 2) {
  return [min, median, max].map((value) => (value / unit).toFixed(digits)).join(" / ");
}

function printTable(head, rows) {
  const all = [head, ...rows];
  const widths = head.map((_, column) => Math.max(...all.map((row) => row[column].length)));
  for (const row of all) console.log(`  ${row.map((cell, column) => cell.padEnd(widths[column])).join("  ")}`.trimEnd());
}

export function printPostgres({ tables, threeServers, ...ratios }) {
  console.log(`\nA store of ${tables} tables in PostgreSQL, as times of one in a file`);
  for (const [what, ratio] of Object.entries(ratios)) console.log(`  ${what.padEnd(12)} ${ratio.toFixed(2)}`);
  console.log(`Three servers beside one, on a platform with 50 ms for each statement: ${threeServers.toFixed(2)} times as fast (goal 2.5)`);
}
