/** Ends a child process that ends with its input, if there is one. */
exports.endWithInput = async function endWithInput(child) {
  if (child === undefined || child.exitCode !== null) return;
  const ended = new Promise((resolve) => child.on("exit", resolve));
  child.ref();
  child.stdin.end();
  await ended;
};
