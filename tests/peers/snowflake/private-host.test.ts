import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { connect, type AddressInfo } from "node:net";
import { join } from "node:path";
import { temporaryFolder } from "../../support/temporary";
import { FAKESNOW_PYTHON } from "../environment";
import { connectionTo, describeSnowflake, execute, proxyTo, readOnce, useServer } from "./harness";

/** No resolver knows it: only the proxy can lead there. */
const HOST = "acme.private.invalid";

const stops: (() => void)[] = [];
afterEach(() => {
  for (const stop of stops.splice(0)) stop();
});

/** A proxy that leads wherever it is asked to one port of this machine, and keeps where that was. */
async function forwardProxy(port: () => number) {
  const asked: string[] = [];
  const server = createServer((_request, response) => response.writeHead(405).end());
  server.on("connect", (request, client) => {
    asked.push(request.url!);
    const tunnel = connect(port(), "127.0.0.1", () => {
      client.write("HTTP/1.1 200 Connection established\r\n\r\n");
      tunnel.pipe(client).pipe(tunnel);
    });
    for (const side of [client, tunnel]) side.on("error", () => tunnel.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  stops.push(() => server.close());
  return { address: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked };
}

describeSnowflake("a Snowflake account on a private host, behind a proxy", () => {
  const account = useServer();
  let certificate: { file: string; key: string; cert: string };

  beforeAll(async () => {
    await execute(account.server.port, "CREATE DATABASE SALES", "CREATE SCHEMA SALES.A", "CREATE TABLE SALES.A.T (ID INT)");
    const script = join(__dirname, "server", "certificate.py");
    const texts = execFileSync(process.env[FAKESNOW_PYTHON]!, ["-B", script, HOST], { encoding: "utf8" });
    const [key, cert, authority] = texts.split(/(?=-----BEGIN CERTIFICATE)/) as [string, string, string];
    const file = join(temporaryFolder(), "authority.pem");
    writeFileSync(file, authority);
    certificate = { file, key, cert: cert + authority };
  });

  it("is reached by HTTPS_PROXY, with its certificate's authority in NODE_EXTRA_CA_CERTS; without, it says so", async () => {
    const host = await proxyTo(account.server.port, certificate);
    const proxy = await forwardProxy(() => host.port);
    const connection = { ...connectionTo(443), hostname: HOST, protocol: "https" };
    const environment = { HTTPS_PROXY: proxy.address, https_proxy: proxy.address, NO_PROXY: "", no_proxy: "" };

    const trusted = await readOnce(connection, { ...environment, NODE_EXTRA_CA_CERTS: certificate.file });
    expect(trusted.said).toBe("2 objects\n");
    expect(new Set(proxy.asked)).toEqual(new Set([`${HOST}:443`]));
    expect(host.sent.map(({ path }) => path)).toContain("/session/v1/login-request");

    const untrusted = await readOnce(connection, environment);
    expect(untrusted.said).toMatch(
      /^connection\.hostname: the certificate of acme\.private\.invalid:443 is not trusted; .*NODE_EXTRA_CA_CERTS/,
    );
  });
});
