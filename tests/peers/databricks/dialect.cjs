// What Databricks' dialect of the HiveServer2 protocol has that Spark's server does not, in each message that differs.

const { messageOf, textAt, valuesOf, withNumberField, withText } = require("./thrift.cjs");

/** Field numbers of Databricks' extensions (its driver's TCLIService.thrift). */
const RESULT_FORMAT = 1281;
const PARAMETERS = 1288;
const COLUMN_BASED = 1;
/** Spark's server speaks Hive's version 10, at most; the driver sends parameters from this version of Databricks' on. */
const HIVE_VERSION_10 = 9;
const DATABRICKS_VERSION_8 = 0xa508;

/** The name of a request's message, its statement if it has one, and what to send on. */
exports.translateRequest = function translateRequest(bytes, replaceStatement) {
  const message = messageOf(bytes);
  if (message === undefined) return { name: "", statement: "", bytes };
  const values = valuesOf(bytes, message.body);
  if (message.name === "OpenSession") bytes.writeInt32BE(HIVE_VERSION_10, values.get("1.1").from);
  if (message.name !== "ExecuteStatement") return { name: message.name, statement: "", bytes };
  const place = values.get("1.2");
  const statement = textAt(bytes, place);
  const sent = replaceStatement(statement) ?? withParameters(atItsPlace(statement), parametersOf(bytes, values));
  return { name: message.name, statement, bytes: sent === statement ? bytes : withText(bytes, place, sent) };
};

exports.translateResponse = function translateResponse(name, bytes) {
  const message = messageOf(bytes);
  if (message === undefined) return bytes;
  const values = valuesOf(bytes, message.body);
  if (name === "OpenSession" && values.has("0.2")) bytes.writeInt32BE(DATABRICKS_VERSION_8, values.get("0.2").from);
  if (name !== "GetResultSetMetadata" || !values.has("0")) return bytes;
  // Spark's server counts columns from 0, Hive's and the driver from 1.
  const positions = [...values].filter(([path]) => /^0\.2\.1\.\d+\.3$/.test(path)).map(([, { from }]) => from);
  if (positions.length > 0 && bytes.readInt32BE(positions[0]) === 0) {
    for (const from of positions) bytes.writeInt32BE(bytes.readInt32BE(from) + 1, from);
  }
  return withNumberField(bytes, values.get("0").from, RESULT_FORMAT, COLUMN_BASED);
};

/** Named parameters: their name and their value as SQL. */
function parametersOf(bytes, values) {
  const found = [];
  for (let place = 0; values.has(`1.${PARAMETERS}.${place}`); place++) {
    const member = (id) => textAt(bytes, values.get(`1.${PARAMETERS}.${place}.${id}`));
    const [name, type, value] = [member(2), member(3), member("4.1")];
    if (type !== "STRING" || value === undefined) throw new Error(`the bridge passes texts on as parameters, not ${type}`);
    found.push({ name, value: literal(value) });
  }
  return found;
}

/** The account's own tables have maps and structs, which the server's catalog `system` cannot have. */
function atItsPlace(statement) {
  return statement.replace(/\bsystem\.(access|query)\./g, "spark_catalog.$1.");
}

function withParameters(statement, parameters) {
  if (parameters.length === 0) return statement;
  return `EXECUTE IMMEDIATE ${literal(statement)} USING ${parameters.map(({ name, value }) => `${value} AS ${name}`).join(", ")}`;
}

function literal(text) {
  return `'${text.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}'`;
}
exports.literal = literal;
