import { ADDRESS, testIdentity } from "../../../tests/support/identity";
import { PERMISSIONS } from "../../model/caller";

const refused = { statusCode: 401 };
const CHOSEN = "chosen-by-an-administrator";
const OTHER = "another-key-of-the-administrator";
const set = (key: string) => ({ CONNECTIONS_ADMIN_API_KEY: key });

it("without any user there is an admin with all permissions afterwards, whose random key is told once", async () => {
  const { identity, open } = testIdentity();
  const { key } = await identity.ensureAdministrator({});
  expect(await identity.authenticate(key, ADDRESS)).toEqual({
    name: "admin",
    email: null,
    permissions: PERMISSIONS,
    principals: [{ type: "user", id: 1 }],
  });
  expect([await identity.ensureAdministrator({}), await open().ensureAdministrator({})]).toEqual([{ key: undefined }, { key: undefined }]);
  expect(await identity.listUsers()).toHaveLength(1);
  expect(await identity.listKeys()).toHaveLength(1);
});

it("where there is a user nobody is added", async () => {
  const { identity } = testIdentity();
  await identity.createUser({ name: "anna" });
  expect(await identity.ensureAdministrator({})).toEqual({ key: undefined });
  expect((await identity.listUsers()).map(({ name }) => name)).toEqual(["anna"]);
  await expect(identity.ensureAdministrator(set(CHOSEN))).rejects.toThrow(/there is no user "admin".*connections user create admin/);
  await identity.createUser({ name: "admin" });
  await identity.ensureAdministrator(set(CHOSEN));
  expect(await identity.authenticate(CHOSEN, ADDRESS)).toMatchObject({ name: "admin", permissions: [] });
});

it("the variable is the key: changed it replaces it, with the tokens made from it; taken away it changes nothing", async () => {
  const { identity, open, clock } = testIdentity();
  expect(await identity.ensureAdministrator(set(CHOSEN))).toEqual({ key: undefined });
  expect(await identity.authenticate(`Bearer ${CHOSEN}`, ADDRESS)).toMatchObject({ name: "admin" });
  const { token } = await identity.issueToken(CHOSEN, ADDRESS);
  const running = open();
  await running.authenticate(`Bearer ${token}`, ADDRESS);
  await identity.ensureAdministrator(set(CHOSEN));
  await identity.ensureAdministrator({});
  expect(await identity.listKeys()).toEqual([expect.objectContaining({ name: "CONNECTIONS_ADMIN_API_KEY", prefix: "", revokedAt: null })]);

  await identity.ensureAdministrator(set(OTHER));
  expect(await identity.authenticate(OTHER, ADDRESS)).toMatchObject({ name: "admin" });
  clock.move(5);
  for (const one of [identity, running]) {
    for (const gone of [CHOSEN, `Bearer ${token}`]) await expect(one.authenticate(gone, ADDRESS)).rejects.toMatchObject(refused);
  }
  expect(await running.authenticate(OTHER, ADDRESS)).toMatchObject({ name: "admin" });
});

it("a key that was revoked does not come back with a restart", async () => {
  const { identity } = testIdentity();
  await identity.ensureAdministrator(set(CHOSEN));
  await identity.revokeKey(1);
  await expect(identity.ensureAdministrator(set(CHOSEN))).rejects.toThrow(/this key was revoked or replaced; set a new one/);
  await expect(identity.authenticate(CHOSEN, ADDRESS)).rejects.toMatchObject(refused);
  await identity.ensureAdministrator(set(OTHER));
  await identity.authenticate(OTHER, ADDRESS);
});

it.each(["short", "x".repeat(19), "with spaces in the middle", "ümlaute-ümlaute-ümlaute", `pc_1_${"A".repeat(43)}`])(
  "the key %s is refused, naming the variable and not the key, and nobody is made",
  async (key) => {
    const { identity } = testIdentity();
    const error = await identity.ensureAdministrator(set(key)).catch((caught: unknown) => caught);
    expect(error).toMatchObject({ statusCode: 400, field: "CONNECTIONS_ADMIN_API_KEY" });
    expect(String(error)).not.toContain(key);
    expect(await identity.listUsers()).toEqual([]);
  },
);

it("the environment's key is no key of that id in disguise", async () => {
  const { identity } = testIdentity();
  const secret = "A".repeat(43);
  await identity.ensureAdministrator(set(secret));
  await identity.authenticate(secret, ADDRESS);
  await expect(identity.authenticate(`pc_1_${secret}`, ADDRESS)).rejects.toMatchObject(refused);
});
