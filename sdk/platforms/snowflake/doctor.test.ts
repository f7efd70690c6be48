import fc from "fast-check";
import { FakeGrants } from "../../../tests/support/snowflake-grants";
import { examineGrants, type Examination } from "./doctor";
import type { ExpectedObject } from "../../model/diagnosis";
import { PRIVILEGES } from "./privileges";

const role = "GOVERNANCE";
const connectionKey = "sf";
const table = (...names: [string, string, string]): ExpectedObject => ({ objectPath: [connectionKey, ...names], objectType: "table" });
const orders = table("SALES", "PUBLIC", "ORDERS");
const returns = table("SALES", "PUBLIC", "RETURNS");

const examine = (account: FakeGrants, more: Partial<Examination> = {}) =>
  examineGrants({ connectionKey, query: account.query, expected: [orders, returns], ...more });

/** An account in which the role lacks nothing for the two tables. */
async function complete(expected: readonly ExpectedObject[] = [orders, returns]): Promise<FakeGrants> {
  const account = new FakeGrants(role, expected);
  for (const sql of (await examine(account, { expected })).statements) account.run(sql);
  return account;
}

describe("a role that lacks grants", () => {
  it("gets one statement for each object, databases and schemas first", async () => {
    const { statements, findings, warnings } = await examine(new FakeGrants(role));
    expect(statements.slice(0, 5)).toEqual([
      'GRANT USAGE ON DATABASE "SALES" TO ROLE "GOVERNANCE";',
      'GRANT USAGE ON SCHEMA "SALES"."PUBLIC" TO ROLE "GOVERNANCE";',
      'GRANT REFERENCES, SELECT ON TABLE "SALES"."PUBLIC"."ORDERS" TO ROLE "GOVERNANCE";',
      'GRANT REFERENCES, SELECT ON TABLE "SALES"."PUBLIC"."RETURNS" TO ROLE "GOVERNANCE";',
      'GRANT USAGE ON FUTURE SCHEMAS IN DATABASE "SALES" TO ROLE "GOVERNANCE";',
    ]);
    expect(statements).toHaveLength(4 + 1 + PRIVILEGES.length);
    expect(findings[2]).toMatchObject({ objectPath: orders.objectPath, privilege: "REFERENCES" });
    expect(warnings).toEqual([]);
  });

  it("gets one statement for a whole schema where all of a type lack it, if asked", async () => {
    const account = new FakeGrants(role, [orders, returns]);
    account.run('GRANT SELECT ON TABLE "SALES"."PUBLIC"."ORDERS" TO ROLE "GOVERNANCE";');
    const { statements } = await examine(account, { wholeSchemas: true });
    expect(statements.filter((sql) => sql.includes(" TABLE") && !sql.includes("FUTURE"))).toEqual([
      'GRANT REFERENCES ON ALL TABLES IN SCHEMA "SALES"."PUBLIC" TO ROLE "GOVERNANCE";',
      'GRANT SELECT ON TABLE "SALES"."PUBLIC"."RETURNS" TO ROLE "GOVERNANCE";',
    ]);
  });

  it("lacks the warehouse and the account's history where they are used", async () => {
    const account = await complete();
    const { findings } = await examine(account, { warehouse: "GOV_WH", audit: true });
    expect(findings.map(({ objectPath, sql }) => [objectPath, sql])).toEqual([
      [["sf"], 'GRANT USAGE ON WAREHOUSE "GOV_WH" TO ROLE "GOVERNANCE";'],
      [["sf"], 'GRANT IMPORTED PRIVILEGES ON DATABASE "SNOWFLAKE" TO ROLE "GOVERNANCE";'],
    ]);
    for (const { sql } of findings) account.run(sql);
    expect(await examine(account, { warehouse: "GOV_WH", audit: true })).toMatchObject({ findings: [], statements: [] });
  });

  it("may read the account's history by database roles instead", async () => {
    const account = await complete();
    account.run('GRANT DATABASE ROLE "SNOWFLAKE"."OBJECT_VIEWER" TO ROLE "GOVERNANCE";');
    expect((await examine(account, { audit: true })).findings).toHaveLength(1);
    account.run('GRANT DATABASE ROLE "SNOWFLAKE"."GOVERNANCE_VIEWER" TO ROLE "GOVERNANCE";');
    expect((await examine(account, { audit: true })).findings).toEqual([]);
  });
});

describe("what comes through other roles", () => {
  it("counts: account roles, database roles and PUBLIC, at any depth", async () => {
    const account = new FakeGrants(role, [orders]);
    account.run('GRANT ROLE "reader of sales" TO ROLE "GOVERNANCE";');
    account.run('GRANT ROLE "GOVERNANCE" TO ROLE "reader of sales";'); // not possible on the platform; must still end
    account.run('GRANT DATABASE ROLE "SALES"."READER" TO ROLE "reader of sales";');
    account.run('GRANT USAGE ON DATABASE "SALES" TO ROLE "PUBLIC";');
    account.run('GRANT USAGE ON SCHEMA "SALES"."PUBLIC" TO ROLE "reader of sales";');
    account.run('GRANT SELECT, REFERENCES ON TABLE "SALES"."PUBLIC"."ORDERS" TO DATABASE ROLE "SALES"."READER";');
    const { findings, warnings } = await examine(account, { expected: [orders] });
    expect(findings.filter(({ target }) => !target.startsWith("FUTURE"))).toEqual([]);
    expect(warnings).toEqual([]);
    expect(account.statements.filter((sql) => sql === 'SHOW GRANTS TO ROLE "reader of sales"')).toHaveLength(1);
  });

  it("does not count where the role only owns the other role", async () => {
    const account = new FakeGrants(role, [orders]);
    account.run('GRANT OWNERSHIP ON ROLE "OTHER" TO ROLE "GOVERNANCE";');
    account.run('GRANT USAGE ON DATABASE "SALES" TO ROLE "OTHER";');
    expect((await examine(account)).statements[0]).toBe('GRANT USAGE ON DATABASE "SALES" TO ROLE "GOVERNANCE";');
  });

  it("counts as lacking, with a warning, where the other role cannot be read", async () => {
    const account = new FakeGrants(role, [orders]);
    account.run('GRANT ROLE "SECRET" TO ROLE "GOVERNANCE";');
    const query: Examination["query"] = async (sql) => {
      if (sql.endsWith('"SECRET"')) throw new Error("Insufficient privileges");
      return account.query(sql);
    };
    const { findings, warnings } = await examine(account, { query, expected: [orders] });
    expect(findings.length).toBeGreaterThan(0);
    expect(warnings).toEqual([
      'SHOW GRANTS TO ROLE "SECRET" failed, so what it would show counts as lacking: Insufficient privileges',
      'SHOW FUTURE GRANTS TO ROLE "SECRET" failed, so what it would show counts as lacking: Insufficient privileges',
    ]);
  });
});

it("recognises a database made from a share by what the platform says of it", async () => {
  const account = new FakeGrants(role, [], { SALES: "IMPORTED DATABASE", HR: "STANDARD" });
  const { statements } = await examine(account);
  expect(statements).toEqual(['GRANT IMPORTED PRIVILEGES ON DATABASE "SALES" TO ROLE "GOVERNANCE";']);
});

it("fails where the role's own grants cannot be read, the session has no role, or the answer has another form", async () => {
  const failing = (answer: (sql: string) => readonly Record<string, unknown>[]): Promise<unknown> =>
    examineGrants({ connectionKey, expected: [orders], query: async (sql) => answer(sql) });
  await expect(failing(() => [{ role: null }])).rejects.toThrow(/^connection.role: the session has no role; grant/);
  await expect(
    failing((sql) => {
      if (sql.startsWith("SHOW")) throw new Error("warehouse asleep");
      return [{ role }];
    }),
  ).rejects.toThrow("warehouse asleep");
  await expect(failing((sql) => (sql.startsWith("SHOW") ? [{ PRIVILEGE: "USAGE" }] : [{ role }]))).rejects.toThrow(
    /a row without the text "privilege" \(it has PRIVILEGE\)/,
  );
});

it("warns of an answer that may be cut off, and of grants that it does not understand", async () => {
  const row = { privilege: "USAGE", granted_on: "DATABASE", name: "SALES" };
  const query: Examination["query"] = async (sql) => {
    if (sql.startsWith("SELECT")) return [{ role }];
    if (sql === 'SHOW GRANTS TO ROLE "GOVERNANCE"') return Array<typeof row>(10_000).fill(row);
    return sql === 'SHOW GRANTS TO ROLE "PUBLIC"' ? [{ ...row, is_inherited: true }] : [];
  };
  const { warnings } = await examineGrants({ connectionKey, expected: [orders], query });
  expect(warnings).toEqual([
    expect.stringMatching(/SHOW GRANTS TO ROLE "GOVERNANCE" ended at exactly 10000 rows/),
    expect.stringMatching(/ROLE "PUBLIC" has inherited grants/),
  ]);
});

describe("whatever the account holds", () => {
  const name = fc.oneof(
    fc.constantFrom("SALES", "PUBLIC", "ORDERS", "orders", "a.b", 'q"uote', "TO ROLE", "é 日"),
    fc.string({ unit: fc.constantFrom("A", "b", '"', ".", " "), minLength: 1, maxLength: 4 }),
  );
  const objects = fc.uniqueArray(
    fc.record({
      objectPath: fc.tuple(name, name, name).map((names): readonly string[] => [connectionKey, ...names]),
      objectType: fc.constantFrom(...PRIVILEGES.map(({ objectType }) => objectType)),
    }),
    { selector: ({ objectPath }) => JSON.stringify(objectPath), minLength: 1, maxLength: 8 },
  );

  it("running the statements leaves nothing to find", async () => {
    await fc.assert(
      fc.asyncProperty(objects, fc.boolean(), name, async (expected, wholeSchemas, owner) => {
        const account = new FakeGrants(owner, expected);
        const before = await examine(account, { expected, wholeSchemas, audit: true, warehouse: owner });
        for (const sql of before.statements) account.run(sql);
        expect(await examine(account, { expected, wholeSchemas, audit: true, warehouse: owner })).toMatchObject({
          findings: [],
          warnings: [],
        });
      }),
    );
  });

  it("each finding alone is found when all others are granted", async () => {
    await fc.assert(
      fc.asyncProperty(objects, fc.nat(), async (expected, pick) => {
        const { findings } = await examine(new FakeGrants(role, expected), { expected });
        const left = findings[pick % findings.length]!;
        const account = new FakeGrants(role, expected);
        for (const { sql } of findings) if (sql !== left.sql) account.run(sql);
        expect((await examine(account, { expected })).findings).toEqual([left]);
      }),
    );
  });
});
