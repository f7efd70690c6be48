import { useState } from "preact/hooks";
import type { LegacyHost } from "../../sdk/model/legacy-data-source";
import type { UpgradeRequest } from "../../sdk/model/upgrade";
import { Failure } from "../parts/notice";
import { loginOf } from "./login-fields";

const HTTPS_PORT = 443;

interface Props {
  readonly host: LegacyHost;
  readonly isDisabled: boolean;
  readonly describedBy: string | undefined;
  readonly isPending: boolean;
  readonly onPlan: (request: UpgradeRequest) => void;
  /** What was planned is no longer what is written here. */
  readonly onChange: () => void;
}

/** Asks for the connection that an account becomes. Nothing of it reaches the address or the browser's storage. */
export function RequestForm({ host, isDisabled, describedBy, isPending, onPlan, onChange }: Props) {
  const [mistake, setMistake] = useState<Error>();
  const { fields } = loginOf(host);
  const plan = (form: HTMLFormElement) => {
    try {
      setMistake(undefined);
      onPlan(requestOf(host, new FormData(form)));
    } catch (error) {
      setMistake(error instanceof Error ? error : new Error(String(error)));
    }
  };
  return (
    <form
      method="post"
      class="request"
      aria-describedby={describedBy}
      onInput={onChange}
      onSubmit={(event) => {
        event.preventDefault();
        plan(event.currentTarget);
      }}
    >
      <label>
        Connection key
        <input name="connectionKey" type="text" required defaultValue={host.hostname.split(".")[0]} disabled={isDisabled} />
      </label>
      {fields.map(({ name, label, isSecret }) => (
        <label key={name}>
          {label}
          <input name={name} type={isSecret ? "password" : "text"} autocomplete="off" disabled={isDisabled} />
        </label>
      ))}
      <details>
        <summary>Other fields of the connection</summary>
        <label>
          As JSON; these take the place of those above
          <textarea name="json" rows={4} spellcheck={false} disabled={isDisabled} placeholder='{"authenticationType": "keyPair", …}' />
        </label>
      </details>
      <div class="buttons">
        <button type="submit" class="primary" disabled={isDisabled || isPending}>
          {isPending ? "Planning…" : "Show plan"}
        </button>
      </div>
      {mistake !== undefined && <Failure error={mistake} />}
    </form>
  );
}

/** @throws Error saying what is wrong with the JSON */
function requestOf(host: LegacyHost, form: FormData): UpgradeRequest {
  const text = (name: string) => {
    const value = form.get(name);
    return typeof value === "string" ? value.trim() : "";
  };
  const { fields, fixed } = loginOf(host);
  const written = fields.map(({ name }) => [name, text(name)] as const).filter(([, value]) => value !== "");
  return {
    connectionKey: text("connectionKey"),
    connection: {
      technology: host.technology,
      hostname: host.hostname,
      ...(host.port !== HTTPS_PORT && { port: host.port }),
      ...fixed,
      ...Object.fromEntries(written),
      ...membersOf(text("json")),
    },
  };
}

function membersOf(json: string): Readonly<Record<string, unknown>> {
  if (json === "") return {};
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch (error) {
    throw new Error(`Other fields: not JSON. ${error instanceof Error ? error.message : ""}`);
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw new Error("Other fields: write an object, as {…}.");
  return value as Readonly<Record<string, unknown>>;
}
