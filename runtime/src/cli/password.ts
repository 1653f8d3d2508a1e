import { createInterface } from "node:readline";
import { Writable } from "node:stream";

/** Asks for a line that is not shown while it is typed; from a pipe its first line is taken and nothing is asked. */
export async function askPassword(
  prompt: string,
  input: NodeJS.ReadStream,
  output: NodeJS.WriteStream,
): Promise<string> {
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() });
  const terminal = input.isTTY === true;
  if (terminal) output.write(prompt);
  const lines = createInterface({ input, output: silent, terminal });
  try {
    return await new Promise<string>((resolve) => {
      lines.once("line", resolve);
      lines.once("close", () => resolve(""));
    });
  } finally {
    lines.close();
    if (terminal) output.write("\n");
  }
}

/** Asks for a line; from a pipe its first line, of a closed one nothing. */
export async function askLine(prompt: string, input: NodeJS.ReadStream, output: NodeJS.WriteStream): Promise<string> {
  const lines = createInterface({ input, output, terminal: input.isTTY === true });
  try {
    return await new Promise<string>((resolve) => {
      lines.once("close", () => resolve(""));
      lines.question(prompt, resolve);
    });
  } finally {
    lines.close();
  }
}
