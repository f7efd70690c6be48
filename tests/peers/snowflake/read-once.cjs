// Reads a database of the connection in its first argument, waits a second for each answer, says what it saw or met, and
// ends when nothing is left to do. Runs the built package, as a command does.

const { snowflakePlatform } = require("../../../dist/sdk/platforms/snowflake");

async function main() {
  const limits = { login: 10, answer: 1, rows: 1, close: 1 };
  const session = await snowflakePlatform(limits).open(JSON.parse(process.argv[2]));
  try {
    for await (const batch of session.streamObjects({ database: "SALES" }, { columns: false })) console.log(`${batch.length} objects`);
  } catch (error) {
    console.log(error.message);
  } finally {
    await session.close();
  }
}

void main();
