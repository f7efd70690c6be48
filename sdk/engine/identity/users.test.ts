import { readdirSync } from "node:fs";
import { testIdentity, withAnna } from "../../../tests/support/identity";
import type { UserInput } from "../../model/identity";

it("what was made wrongly is refused by the name of the field, with what to do, and nothing is written", async () => {
  const { identity } = await withAnna();
  const cases: [Promise<unknown>, number, string | undefined, RegExp][] = [
    [identity.createUser({ name: "" }), 400, "name", /is empty/],
    [identity.createUser({ name: " x" }), 400, "name", /space/],
    [identity.createUser({ name: "a\u0007b" }), 400, "name", /control characters/],
    [identity.createUser({ name: "x".repeat(101) }), 400, "name", /longer than 100/],
    [identity.createUser({ name: "Schedule" }), 400, "name", /history of jobs/],
    [identity.createUser({ name: "bea", email: "nobody" }), 400, "email", /no email address/],
    [identity.createUser({ name: "bea", permissions: ["ALL"] } as unknown as UserInput), 400, "permissions.0", /"GOVERNANCE"/],
    [identity.createUser({ name: "bea", groups: ["nobody"] }), 404, "groups", /no group "nobody"/],
    [identity.createUser({ name: "anna" }), 409, "name", /a user "anna" already/],
    [identity.updateUser("bea", {}), 404, "user", /no user "bea"/],
    [identity.updateUser("anna", { name: "local administrator" }), 400, "name", /history of jobs/],
    [identity.deleteUser("bea"), 404, "user", /no user "bea"/],
    [identity.createGroup("readers"), 409, "name", /a group "readers" already/],
    [identity.createGroup(""), 400, "name", /is empty/],
    [identity.deleteGroup("nobody"), 404, "group", /no group "nobody"/],
    [identity.createKey({ user: "bea" }), 404, "user", /no user "bea"/],
    [identity.createKey({ user: "anna", expiresInDays: 0 }), 400, "expiresInDays", /at least 1 day/],
    [identity.createKey({ user: "anna", expiresInDays: 1.5 }), 400, "expiresInDays", /whole number/],
    [identity.createKey({ user: "anna", expiresInDays: 9_999_999 }), 400, "expiresInDays", /at most 3650 days/],
    [identity.revokeKey(99), 404, "id", /no API key 99/],
    [identity.revokeKey(Number.NaN), 404, "id", /no API key NaN/],
  ];
  for (const [made, statusCode, field, message] of cases) {
    const error = await made.catch((caught: unknown) => caught);
    expect(error).toMatchObject({ statusCode, field, message: expect.stringMatching(message) as string });
  }
  expect((await identity.listUsers()).map(({ name }) => name)).toEqual(["anna"]);
  expect(await identity.listKeys()).toHaveLength(1);
});

it("a user keeps its id, its key and what was not named when it is changed", async () => {
  const { identity, anna, key, call } = await withAnna();
  const changed = await identity.updateUser("anna", {
    name: "Anna Berg",
    email: "anna@example.com",
    permissions: ["GOVERNANCE", "GOVERNANCE"],
  });
  expect(changed).toEqual({ ...anna, name: "Anna Berg", email: "anna@example.com" });
  expect(await call(key)).toMatchObject({ name: "Anna Berg", principals: [{ id: anna.id }, {}, {}] });
});

it("lists of a store that does not exist are empty, and leave no trace", async () => {
  const { identity, folder } = testIdentity();
  expect([await identity.listUsers(), await identity.listGroups(), await identity.listKeys()]).toEqual([[], [], []]);
  await expect(identity.authenticate("some-key", "192.0.2.1")).rejects.toMatchObject({ statusCode: 401 });
  expect(readdirSync(folder)).toEqual([]);
});
