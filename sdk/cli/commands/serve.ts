import { Option, type Command } from "commander";
import { BadRequestError } from "../../model/errors";
import { addresses, portNumber } from "../arguments";
import { storeFile, storeOf } from "../context";
import { print } from "../print";
import { untilSignal } from "../until-signal";
import { packageVersion } from "../version";

const DEFAULT_PORT = 4_640;
const LEFT_BEHIND_MILLISECONDS = 1_000;
const LEVELS = ["fatal", "error", "warn", "info", "debug", "trace", "silent"];

interface ServeFlags {
  readonly host: string;
  readonly port: number;
  readonly tlsCert?: string;
  readonly tlsKey?: string;
  readonly trustProxy?: readonly string[];
  readonly logLevel: string;
}

export function addServe(program: Command): void {
  program
    .command("serve")
    .description("serve the store over HTTP and keep the 24-hour schedule, until stopped")
    .option("--host <address>", "where to listen; 0.0.0.0 or :: for everybody who reaches the machine", "127.0.0.1")
    .option("--port <n>", "0 takes any free one", portNumber, DEFAULT_PORT)
    .option("--tls-cert <file>", "certificate (PEM): serve https")
    .option("--tls-key <file>", "the certificate's key (PEM)")
    .option(
      "--trust-proxy <addresses>",
      "proxies that tell whom a request is from (X-Forwarded-For): addresses or networks, by comma",
      addresses,
    )
    .addOption(new Option("--log-level <level>", "of the log on standard output, a JSON object a line").choices(LEVELS).default("info"))
    .action(async ({ host, port, tlsCert, tlsKey, trustProxy, logLevel }: ServeFlags) => {
      if ((tlsCert === undefined) !== (tlsKey === undefined)) {
        throw new BadRequestError("--tls-cert and --tls-key go together; give both, or none");
      }
      const tls = tlsCert === undefined || tlsKey === undefined ? undefined : { certFile: tlsCert, keyFile: tlsKey };
      // Loading a web server takes a moment that other commands need not wait.
      const { serve } = await import("../../server/serve.js");
      await untilSignal((signal) =>
        serve({ store: storeFile(storeOf(program)), host, port, tls, trustProxy, logLevel, version: packageVersion(), signal, print }),
      );
      // Everything is written and closed; what a driver left behind must not keep the process.
      setTimeout(() => process.exit(), LEFT_BEHIND_MILLISECONDS).unref();
    });
}
