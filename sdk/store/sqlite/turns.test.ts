import { Turns } from "./turns";

it("gives each its turn in the order in which they came, whoever comes when one ends", async () => {
  const turns = new Turns();
  const had: string[] = [];
  const have = async (name: string) => {
    await turns.take();
    had.push(name);
    await new Promise(setImmediate);
    turns.end();
    // The next one has it already, though it does not know yet.
    if (name === "first") void have("late");
  };
  await Promise.all([have("first"), have("second"), have("third")]);
  await turns.take();
  expect(had).toEqual(["first", "second", "third", "late"]);
});
