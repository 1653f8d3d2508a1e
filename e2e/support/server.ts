import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const BIN = join(ROOT, "runtime/bin/parley.js");
export const freshFolder = (): string => join(mkdtempSync(join(tmpdir(), "parley-e2e-")), "data");

export type Ended = { readonly code: number | null; readonly signal: NodeJS.Signals | null };
export type Server = {
  readonly child: ChildProcess;
  readonly pid: number;
  readonly url: string;
  readonly dataDir: string;
  readonly ended: Promise<Ended>;
  output(): string;
  stop(signal?: NodeJS.Signals): Promise<Ended>;
};

type Options = { args?: string[]; env?: Record<string, string>; dataDir?: string; port?: string; via?: "node" | "npm" };

/** Starts a process as a user does; its output, and how it ended. */
export function run(options: Options): {
  child: ChildProcess;
  ended: Promise<Ended>;
  output: () => string;
  dataDir: string;
} {
  const dataDir = options.dataDir ?? freshFolder();
  const flags = ["--port", options.port ?? "0", "--data-dir", dataDir, ...(options.args ?? [])];
  const node = ["--disallow-code-generation-from-strings", BIN, "serve"];
  const flow = options.args?.some((arg) => arg.endsWith(".json")) ? [] : [join(ROOT, "flows/bot-assistant.json")];
  const [command, args] =
    options.via === "npm"
      ? (["npm", ["start", "--", ...flags]] as const)
      : ([process.execPath, [...node, ...flow, ...flags]] as const);
  const child = spawn(command, args, {
    cwd: ROOT,
    env: { ...process.env, ...options.env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  child.stdout.on("data", (data) => (output += data));
  child.stderr.on("data", (data) => (output += data));
  const ended = new Promise<Ended>((resolve) => child.once("close", (code, signal) => resolve({ code, signal })));
  return { child, ended, output: () => output, dataDir };
}

/** Starts a server and waits for its address. */
export async function startServer(options: Options = {}): Promise<Server> {
  const { child, ended, output, dataDir } = run(options);
  const url = await new Promise<string>((resolve, reject) => {
    const look = () => {
      const found = /Demo page\s+(\S+)/.exec(output())?.[1];
      if (found) resolve(found);
    };
    child.stdout?.on("data", look);
    void ended.then(({ code }) => reject(new Error(`the server ended with ${code}:\n${output()}`)));
  });
  return {
    child,
    pid: child.pid!,
    url,
    dataDir,
    ended,
    output,
    stop(signal = "SIGTERM") {
      child.kill(signal);
      return ended;
    },
  };
}
