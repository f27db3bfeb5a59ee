// Answers each line of standard input, a function's input, with a line that holds the function's output.
import { createInterface } from "node:readline";

const { cartValidationsGenerateRun } = await import(process.argv[2]);
for await (const line of createInterface({ input: process.stdin })) {
  process.stdout.write(`${JSON.stringify(cartValidationsGenerateRun(JSON.parse(line)))}\n`);
}
