import * as pulumi from "@pulumi/pulumi";
import { messageOf } from "../../sdk/model/errors";
import { redact } from "../../sdk/model/secret-fields";
import type { ConnectionArgs, UpgradeFromArgs } from "../connection";
import { backendOf } from "../hooks/backend";
import { openBackend } from "../hooks/open-backend";
import type { LegacyDeclaration, LegacyOutcome } from "../legacy-declaration";
import { runError } from "../run-error";
import { createLookup, groupByAccount, type AccountState, type LegacyAccountDeclarations } from "./accounts";
import { LegacyAccount } from "./legacy-account";
import { LegacyRegistration } from "./legacy-registration";
import { planAccount, type PlannedAccount } from "./plan-account";
import { readDeclaration } from "./read-declaration";
import { StandIns } from "./stand-ins";

/** Notes and owners that a message names; the rest is counted. */
const SHOWN = 5;

/** Makes the resources of all declarations of a program, after everything about them was found out. */
export async function settle(declarations: readonly LegacyDeclaration[]): Promise<ReadonlyMap<LegacyDeclaration, LegacyOutcome>> {
  const standIns = new StandIns();
  const read = await Promise.all(declarations.map((one) => readDeclaration(one, standIns)));
  const byRead = new Map(read.map((one, index) => [one, declarations[index]!]));
  const accounts = groupByAccount(read);
  const states = await statesOf(accounts);
  const outcomes = new Map<LegacyDeclaration, LegacyOutcome>();
  for (const [index, account] of accounts.entries()) {
    const connectionKey = declare(account, states[index]!, standIns);
    for (const one of account.declarations) outcomes.set(byRead.get(one)!, { connectionKey });
  }
  return outcomes;
}

async function statesOf(accounts: readonly LegacyAccountDeclarations[]): Promise<AccountState[]> {
  const secrets: string[] = [];
  try {
    const configured = backendOf((key) => pulumi.runtime.getConfig(`connections:${key}`) || undefined, process.env);
    const backend = await openBackend(configured, process.cwd(), (secret) => secrets.push(secret));
    try {
      const stateOf = createLookup(backend);
      const states: AccountState[] = [];
      for (const account of accounts) states.push(await stateOf(account));
      return states;
    } finally {
      await backend.api.close();
    }
  } catch (error) {
    if (error instanceof pulumi.RunError) throw error;
    const [first] = accounts.flatMap(({ declarations }) => declarations);
    throw runError(`${first!.owner}: the state of its account could not be found out: ${redact(messageOf(error), secrets)}`);
  }
}

/** @returns the key of the account's connection; undefined where it is registered the old way. */
function declare(account: LegacyAccountDeclarations, state: AccountState, standIns: StandIns): string | undefined {
  const { declarations } = account;
  if (!state.isBlocked) {
    const old = declarations.find(({ args }) => args.registerOldWay);
    const other = declarations.find(({ args }) => !args.registerOldWay);
    if (old !== undefined && other !== undefined) {
      throw runError(`${old.owner} and ${other.owner}: registerOldWay: is said by one only, and both are of one account; say the same`);
    }
    if (old !== undefined) {
      for (const { name, resource, payload, args } of declarations) {
        new LegacyRegistration(name, { payload, technology: args.technology }, { parent: resource });
      }
      return undefined;
    }
  }
  const planned = planAccount(account, state.connected);
  const upgradeFrom = state.isLegacy ? upgradeOf(account) : undefined;
  const connection = standIns.reveal(planned.connection) as Readonly<Record<string, unknown>>;
  const made = new LegacyAccount(planned, connection as unknown as ConnectionArgs["connection"], upgradeFrom);
  tell(planned, connection, state, made);
  return planned.connectionKey;
}

function upgradeOf({ declarations }: LegacyAccountDeclarations): UpgradeFromArgs {
  const acknowledge = [...new Set(declarations.flatMap(({ args }) => args.acknowledge ?? []))];
  return { hostname: declarations[0]!.host.hostname, ...(acknowledge.length > 0 && { acknowledge }) };
}

function tell(
  { connectionKey, notes, owners }: PlannedAccount,
  connection: Readonly<Record<string, unknown>>,
  { connected, isLegacy }: AccountState,
  made: pulumi.Resource,
): void {
  const say = (severity: "info" | "warn", text: string) => void pulumi.log[severity](text, made);
  if (notes.length > 0)
    say(
      "info",
      `${connectionKey}: ${summary(notes, "parts of the registrations change or have no home; `connections convert --plan` lists them")}`,
    );
  // Of an upgraded account, the data sources keep theirs.
  if (owners.length > 0 && !isLegacy)
    say("warn", `${connectionKey}: ${summary(owners, "lists of owners are set by no registration; declare them as ObjectOwners")}`);
  const different = Object.keys(connected?.connection ?? {}).filter(
    (name) => typeof connection[name] === "string" && connection[name] !== connected?.connection[name],
  );
  if (different.length > 0) {
    say(
      "warn",
      `${connectionKey}: is connected with another ${different.join(", ")} than the program says; \`up\` changes that. To keep it, give it in \`connection\``,
    );
  }
}

function summary(lines: readonly string[], what: string): string {
  const rest = lines.length > SHOWN ? [`… and ${lines.length - SHOWN} more`] : [];
  return [`${lines.length} ${what}:`, ...lines.slice(0, SHOWN), ...rest].join("\n  ");
}
