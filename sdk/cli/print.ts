/** A line of a command's result, on standard output; explanations go to standard error. */
export function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
