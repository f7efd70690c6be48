// Spark's Thrift server: the HiveServer2 protocol over HTTP, with the metastore's databases as catalogs.

import path from "node:path";
import { fileURLToPath } from "node:url";
import { start, stop } from "../../../support/processes.mjs";

const here = path.dirname(fileURLToPath(import.meta.url));
const CATALOG = "org.apache.spark.sql.execution.datasources.v2.jdbc.JDBCTableCatalog";

export async function startSpark({ folder, sparkHome, jdbcJar, port, postgres, catalogs }) {
  const conf = {
    "spark.ui.enabled": false,
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.driver.host": "127.0.0.1",
    "spark.sql.shuffle.partitions": 1,
    "spark.sql.warehouse.dir": path.join(folder, "warehouse"),
    // Without Hive's own metastore, ending a session waits for one.
    "spark.sql.catalogImplementation": "hive",
    "spark.hadoop.javax.jdo.option.ConnectionURL": "jdbc:derby:memory:metastore;create=true",
    "spark.sql.session.timeZone": "UTC",
    "spark.driver.extraJavaOptions": `-Duser.timezone=UTC -Dderby.system.home=${folder}`,
  };
  for (const catalog of ["system", ...catalogs]) {
    const key = `spark.sql.catalog.${catalog}`;
    conf[key] = CATALOG;
    conf[`${key}.driver`] = "org.postgresql.Driver";
    conf[`${key}.url`] = `jdbc:postgresql://127.0.0.1:${postgres.port}/catalog_${catalog}?user=${postgres.user}`;
    conf[`${key}.fetchsize`] = 10_000;
  }
  const hive = {
    "hive.server2.transport.mode": "http",
    "hive.server2.thrift.bind.host": "127.0.0.1",
    "hive.server2.thrift.http.port": port,
    "hive.server2.thrift.http.path": "cliservice",
    "hive.server2.authentication": "NONE",
  };
  const args = [
    "org.apache.spark.deploy.SparkSubmit",
    ...["--master", "local[2]", "--driver-memory", "2g", "--jars", jdbcJar, "--driver-class-path", jdbcJar],
    ...["--class", "org.apache.spark.sql.hive.thriftserver.HiveThriftServer2"],
    ...Object.entries(conf).flatMap(([name, value]) => ["--conf", `${name}=${value}`]),
    "spark-internal",
    ...Object.entries(hive).flatMap(([name, value]) => ["--hiveconf", `${name}=${value}`]),
  ];
  const options = { cwd: folder, env: { ...process.env, SPARK_HOME: sparkHome, SPARK_LOCAL_IP: "127.0.0.1", SPARK_SUBMIT_OPTS: "" } };
  const program = (name) => path.join(sparkHome, "bin", name);
  // The launcher ends up as the server's own process.
  const server = await start(program("spark-class"), args, { ...options, ready: /HiveThriftServer2 started/ });
  const address = `jdbc:hive2://127.0.0.1:${port}/;transportMode=http;httpPath=cliservice`;
  await start(program("beeline"), ["-u", address, "-n", "token", "-p", "x", "-f", path.join(here, "session.sql")], options);
  return { stop: () => stop(server, "SIGKILL") };
}
