import { createAdmission } from "./admission";

const turn = () => new Promise((resolve) => setImmediate(resolve));

/** Asks for so many at once. @returns those that have begun so far, in order. */
function ask(mayBegin: () => Promise<void> | undefined, names: readonly number[]): number[] {
  const begun: number[] = [];
  for (const name of names) {
    const later = mayBegin();
    if (later === undefined) begun.push(name);
    else void later.then(() => begun.push(name));
  }
  return begun;
}

it("lets a few begin at once and the others later, in the order in which they came", async () => {
  const begun = ask(createAdmission(2), [1, 2, 3, 4, 5]);
  expect(begun).toEqual([1, 2]);
  while (begun.length < 3) await turn();
  expect(begun).toEqual([1, 2, 3, 4]);
  while (begun.length < 5) await turn();
  expect(begun).toEqual([1, 2, 3, 4, 5]);
});

it("lets nobody pass those who wait", async () => {
  const mayBegin = createAdmission(1);
  const begun = ask(mayBegin, [1, 2, 3]);
  while (begun.length < 2) await turn();
  const late = ask(mayBegin, [4]);
  while (late.length === 0) await turn();
  expect(begun).toEqual([1, 2, 3]);
});

it("makes turns of the event loop in between, in each of which a new connection is let in", async () => {
  const begun = ask(createAdmission(1), [1, 2]);
  let turns = 0;
  for (; begun.length < 2; turns++) await turn();
  expect(turns).toBeGreaterThanOrEqual(8);
});
