import { Option, type Command } from "commander";
import type { Registration } from "../../model/registration";
import type { SetupScope } from "../../model/setup-script";
import { storeOf, withApi } from "../context";
import { readPayload, takesPayload, type Payload } from "../payload";
import { print } from "../print";

interface ScopeFlags {
  readonly database: readonly string[];
  readonly importedDatabase: readonly string[];
  readonly principal?: string;
}

export function addScript(program: Command): void {
  const script = program.command("script").description("SQL for an administrator of the platform; it holds no secret");
  const create = script
    .command("create")
    .description("what makes the role, user and grants that a registration needs, before it is registered");
  takesPayload(create)
    .addOption(repeated("--database <name>", "a database (catalog) that is to be seen, with all that it holds now and later"))
    .addOption(repeated("--imported-database <name>", "Snowflake: a database made from a share that is to be seen"))
    .option("--principal <name>", "Databricks with a token: whose token it is")
    .action(async (options: Payload & ScopeFlags) => {
      const { connection, nativeIntegration } = readPayload<Registration>(options, "script create");
      await withApi(storeOf(program), async (api) => {
        print((await api.createSetupScript({ ...(nativeIntegration ?? derived(connection)), ...scopeOf(options) })).trimEnd());
      });
    });
  script
    .command("delete")
    .description("what takes them back; run it here before the connection is deregistered, and on the platform after")
    .argument("<connectionKey>")
    .action(async (connectionKey: string) => {
      await withApi(storeOf(program), async (api) => {
        const { nativeIntegrationId } = await api.getConnection(connectionKey);
        print((await api.createCleanupScript(nativeIntegrationId)).trimEnd());
      });
    });
}

function repeated(flags: string, description: string): Option {
  return new Option(flags, `${description}; may be repeated`)
    .default([], "none")
    .argParser((value: string, before: readonly string[]) => [...before, value]);
}

/** As registering does where the integration is left out: the connection's own values, the address under its other name. */
function derived({ technology, hostname, ...values }: Registration["connection"]) {
  return { type: technology, autoBootstrap: false as const, config: { host: hostname, ...values } };
}

function scopeOf({ database, importedDatabase, principal }: ScopeFlags): SetupScope {
  return {
    ...(database.length > 0 && { databases: database }),
    ...(importedDatabase.length > 0 && { importedDatabases: importedDatabase }),
    ...(principal !== undefined && { principal }),
  };
}
