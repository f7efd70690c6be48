import { sharedCommit } from "./shared-commit";

/** Transactions one after the other, each of which waits to be let go. */
function transactions() {
  const committed: number[][] = [];
  const gates: (() => void)[] = [];
  let last: Promise<unknown> = Promise.resolve();
  const write = (work: (trx: number[]) => Promise<void>): Promise<void> => {
    const run = last.then(async () => {
      const trx: number[] = [];
      await work(trx);
      await new Promise<void>((resolve) => gates.push(resolve));
      committed.push(trx);
    });
    last = run.catch(() => undefined);
    return run;
  };
  const release = async () => {
    while (gates.length === 0) await new Promise(setImmediate);
    gates.shift()!();
  };
  return { committed, write, release };
}

const put = async (trx: number[], item: number) => {
  if (item < 0) throw new Error("refused");
  trx.push(item);
};

it("commits what comes meanwhile together, in order, and says so only then", async () => {
  const { committed, write, release } = transactions();
  const change = sharedCommit(write, put);
  const done: number[] = [];
  const all = [1, 2, 3, 4].map(async (item, index) => {
    if (index > 0) await new Promise(setImmediate);
    await change(item);
    done.push(item);
  });
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(done).toEqual([]);
  await release();
  await release();
  await Promise.all(all);
  expect(committed).toEqual([[1], [2, 3, 4]]);
  expect(done).toEqual([1, 2, 3, 4]);
});

it("fails those of one transaction together and goes on", async () => {
  const { committed, write, release } = transactions();
  const change = sharedCommit(write, put);
  const results = Promise.allSettled([change(1), change(-1)]);
  expect((await results).map(({ status }) => status)).toEqual(["rejected", "rejected"]);
  const later = change(2);
  await release();
  await later;
  expect(committed).toEqual([[2]]);
});

it("fails those that wait for a transaction that cannot begin", async () => {
  const change = sharedCommit(() => Promise.reject(new Error("in use")), put);
  await expect(change(1)).rejects.toThrow("in use");
  await expect(change(2)).rejects.toThrow("in use");
});
