import type { LegacyOrigin, LegacyRegistration } from "../model/legacy/registration";
import { compareBytes } from "../model/path-key";
import { convertibleOf, type Convertible } from "./account";
import { AccountPlan } from "./account-plan";
import { authenticationOf, methodOf } from "./authentication";
import { checkConnectionKey, chooseConnectionKey } from "./connection-key";
import { Decisions, type Answers } from "./decisions";
import { getOrAdd } from "./object-tree";
import { wholePlan, type ConversionPlan, type KeptRegistration, type StreamedConnection, type StreamedPlan } from "./plan";
import type { Spool } from "./spool";
import { SpooledRecords } from "./spooled-records";
import { byPlace, ConversionWarnings } from "./warnings";

const KEEP = "keep";
const DROP = "drop";

/** In place of an account's number. */
const NO_ACCOUNT = -1;

/**
 * Turns registrations into a plan, one after the other and in any order. Holds what the plan will say, and no registration; with a
 * spool, that is on disk.
 */
export class ConversionPlanner {
  readonly #accounts = new Map<string, AccountPlan>();
  readonly #kept: SpooledRecords<KeptRegistration>;
  readonly #warnings: ConversionWarnings;
  readonly #decisions: Decisions;

  constructor(
    answers: Answers = new Map(),
    readonly spool?: Spool,
  ) {
    this.#decisions = new Decisions(answers);
    this.#warnings = new ConversionWarnings(spool);
    this.#kept = new SpooledRecords(spool, (a, b) => byPlace(a, b) || compareBytes(a.name, b.name));
  }

  /** @throws BadRequestError for an answer that is none of its decision's options. */
  add(registration: LegacyRegistration): void {
    const { technology, origin } = registration;
    const convertible = convertibleOf(registration);
    if (convertible === undefined) {
      const question = `${technology} is not supported with a connection. Keep its registrations as they are?`;
      this.#decisions.ask(`technology ${technology}`, question, [KEEP], [origin]);
      return this.#keep(registration, `${technology} is not supported with a connection`);
    }
    const address = convertible.addressOf(registration);
    const identity = convertible.identityOf(address);
    const authentication = authenticationOf(registration);
    if (authentication === undefined) {
      const method = methodOf(registration);
      const question = `A connection cannot log in to ${technology} by "${method}". Keep these registrations as they are?`;
      this.#decisions.ask(`login by ${method} of ${identity}`, question, [KEEP], [origin]);
      return this.#keep(registration, `a connection cannot log in by "${method}"`);
    }
    const { workspace } = registration;
    if (workspace !== undefined) {
      const question = `Registrations are bound to the native workspace "${workspace}", and connections have none. Drop the binding, or keep them as they are?`;
      const answer = this.#decisions.ask(`workspace ${workspace} of ${identity}`, question, [DROP, KEEP], [origin]);
      if (answer === KEEP) return this.#keep(registration, `it is bound to the native workspace "${workspace}"`);
    }
    this.#askForQueries(registration, identity);
    this.#account(identity, convertible).add(registration, address, authentication);
  }

  /** A file that was read and is no registration. */
  addOther({ file, line }: LegacyOrigin): void {
    this.#warnings.add(NO_ACCOUNT, { file, line, field: "body", message: "is no registration of data sources; it was left out" });
  }

  /** @throws BadRequestError for an answer that is not usable, or to a question that nobody asked. */
  plan(): ConversionPlan {
    return wholePlan(this.stream());
  }

  /**
   * The plan, once; to be read before the spool is closed.
   * @throws BadRequestError as `plan`
   */
  stream(): StreamedPlan {
    const taken = new Set<string>();
    const connections: StreamedConnection[] = [];
    for (const [identity, account] of [...this.#accounts].sort(([a], [b]) => compareBytes(a, b))) {
      const id = `connectionKey of ${identity}`;
      const given = this.#decisions.optional(id);
      if (given !== undefined) checkConnectionKey(given, id, taken);
      const connectionKey = given ?? chooseConnectionKey(account.shortName(), account.convertible.platform.technology, taken);
      taken.add(connectionKey.toLowerCase());
      connections.push(account.plan(connectionKey, this.#decisions));
    }
    return {
      connections: connections.sort((a, b) => compareBytes(a.connectionKey, b.connectionKey)),
      warnings: this.#warnings,
      decisions: this.#decisions.open().sort((a, b) => compareBytes(a.id, b.id)),
      kept: this.#kept,
    };
  }

  #account(identity: string, convertible: Convertible): AccountPlan {
    return getOrAdd(this.#accounts, identity, () => {
      const number = this.#accounts.size;
      return new AccountPlan(identity, convertible, (warning) => this.#warnings.add(number, warning), this.spool);
    });
  }

  #keep({ name, origin }: LegacyRegistration, reason: string): void {
    this.#kept.add({ ...origin, name, reason });
  }

  #askForQueries({ queries }: LegacyRegistration, identity: string): void {
    if (queries.length === 0) return;
    const question =
      "Data sources made of a statement have no object on the platform. Drop them? To keep one, make a view of its statement first, and name the view.";
    const answer = this.#decisions.ask(
      `statements of ${identity}`,
      question,
      [DROP],
      queries.map(({ origin }) => origin),
    );
    if (answer !== DROP) return;
    for (const { name, origin } of queries) {
      this.#warnings.add(NO_ACCOUNT, {
        ...origin,
        field: "query",
        oldValue: name,
        message: "is made of a statement; it has no place on a connection and is dropped",
      });
    }
  }
}
