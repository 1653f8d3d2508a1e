import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
/** The command line. */
export const PARLEY = join(ROOT, "runtime/bin/parley.js");

const folders: string[] = [];
const running = new Set<ChildProcess>();
// A test that fails stops nothing.
process.once("exit", () => {
  for (const child of running) child.kill("SIGKILL");
  for (const folder of folders) rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
});

/**
 * The path of a folder that is not there yet, in a fresh one that goes when the test's worker ends. Not sooner: tests look
 * into the data of a server that has ended, and start another on it.
 */
export function freshFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "parley-e2e-"));
  folders.push(folder);
  return join(folder, "data");
}

export type Ended = { readonly code: number | null; readonly signal: NodeJS.Signals | null };
export type Server = {
  readonly child: ChildProcess;
  readonly pid: number;
  readonly url: string;
  readonly dataDir: string;
  readonly ended: Promise<Ended>;
  output(): string;
  /** Sends the signal to the pid that was started, or to its whole group as a terminal does; waits until all have gone. */
  stop(signal?: NodeJS.Signals, to?: "pid" | "group"): Promise<Ended>;
};

/** How a server is started: by node itself, by `npm start`, or by a shell that waits for `npm start`. */
type Via = "node" | "npm" | "shell";
type Options = {
  args?: string[];
  env?: Record<string, string>;
  dataDir?: string;
  port?: string;
  via?: Via;
  /** False: no flow file at all. */
  flow?: false;
  /** In a process group of its own, as a terminal starts it. */
  ownGroup?: boolean;
};

/** Starts a process as a user does; its output, and how it ended. */
export function run(options: Options): {
  child: ChildProcess;
  ended: Promise<Ended>;
  output: () => string;
  dataDir: string;
} {
  const dataDir = options.dataDir ?? freshFolder();
  const flags = ["--port", options.port ?? "0", "--data-dir", dataDir, ...(options.args ?? [])];
  const node = ["--disallow-code-generation-from-strings", PARLEY, "serve"];
  const named = options.flow === false || options.args?.some((arg) => arg.endsWith(".json"));
  const flow = named ? [] : [join(ROOT, "flows/bot-assistant.json")];
  const commands = {
    node: [process.execPath, [...node, ...flow, ...flags]],
    npm: ["npm", ["start", "--", ...flags]],
    // What follows keeps the shell from becoming npm.
    shell: ["sh", ["-c", 'npm start -- "$@"; true', "sh", ...flags]],
  } as const;
  const [command, args] = commands[options.via ?? "node"];
  const child = spawn(command, args, {
    cwd: ROOT,
    detached: options.ownGroup ?? false,
    env: { ...process.env, ...options.env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  running.add(child);
  child.once("close", () => running.delete(child));
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
    stop(signal = "SIGTERM", to = "pid") {
      process.kill(to === "group" ? -child.pid! : child.pid!, signal);
      return ended;
    },
  };
}
