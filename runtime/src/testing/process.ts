import { type ChildProcess, spawn } from "node:child_process";
import { watch } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { FLOWS } from "./server.js";

const BIN = fileURLToPath(new URL("../../bin/parley.js", import.meta.url));

export type Ended = { readonly code: number | null; readonly signal: NodeJS.Signals | null };

/** A server in a process of its own, run by node itself so that the pid is the server's. */
export type ServerProcess = {
  readonly pid: number;
  readonly dataDir: string;
  /** Of the pages, ends with "/". */
  readonly url: string;
  /** Of the studio, ends with "/". */
  readonly studioUrl: string;
  /** Websocket of the default flow, ends with "/". */
  readonly wsUrl: string;
  readonly ended: Promise<Ended>;
  /** What it printed so far, both streams. */
  output(): string;
  /** Resolves when it has printed `text`. Rejects when it ends before. */
  says(text: string): Promise<void>;
  /** Sends a signal at once; resolves when the process has gone. */
  stop(signal: NodeJS.Signals): Promise<Ended>;
};

/** What a server is started under, to have no more than the shell's `ulimit` allows, as `-n 300`. */
export const limitedTo = (ulimit: string): readonly string[] => ["sh", "-c", `ulimit ${ulimit} && exec "$@"`, "sh"];

/** `flow`: an example's name, or the path of a flow file; `false`: none. */
type Options = {
  dataDir: string;
  port?: number;
  args?: readonly string[];
  flow?: string | false;
  /** Beside this process's own. */
  env?: Readonly<Record<string, string>>;
  /** Another build's `bin/parley.js`. */
  bin?: string;
  /** A command that node is started by; it has to become node, so that the pid is the server's own. */
  under?: readonly string[];
};

/** Starts the built server and waits until it is ready. Rejects with what it printed if it ends instead. */
export async function startServer(options: Options): Promise<ServerProcess> {
  const server = launch(options);
  await server.says("Websocket");
  return server;
}

/** Starts the built server without waiting for it: `url` and `wsUrl` can be read once it said that it is ready. */
export function launch(options: Options): ServerProcess {
  const { dataDir, port = 0, args = [], flow = "bot-assistant", env = {}, bin = BIN, under = [] } = options;
  const file = flow === false || flow.endsWith(".json") ? flow : join(FLOWS, `${flow}.json`);
  const [command, ...before] = [...under, process.execPath];
  const child = spawn(
    command!,
    [
      ...before,
      "--disallow-code-generation-from-strings",
      bin,
      "serve",
      ...(file === false ? [] : [file]),
      ...["--port", `${port}`, "--data-dir", dataDir],
      ...args,
    ],
    { stdio: ["ignore", "pipe", "pipe"], env: { ...process.env, ...env } },
  );
  const { ended, output, says } = outputOf(child);
  const address = (name: string): string => {
    const found = new RegExp(`${name}\\s+(\\S+)`).exec(output())?.[1];
    if (found === undefined) throw new Error(`the server has no address yet:\n${output()}`);
    // The server listens on 127.0.0.1; "localhost" may be looked up as ::1 first.
    return found.replace("localhost", "127.0.0.1");
  };
  return {
    pid: child.pid!,
    dataDir,
    get url() {
      return address("Demo page");
    },
    get studioUrl() {
      return new URL("/", address("Studio")).href;
    },
    get wsUrl() {
      return address("Websocket");
    },
    ended,
    output,
    says,
    stop(signal) {
      child.kill(signal);
      return ended;
    },
  };
}

function outputOf(child: ChildProcess): Pick<ServerProcess, "ended" | "output" | "says"> {
  let output = "";
  const looks = new Set<() => void>();
  for (const stream of [child.stdout!, child.stderr!]) {
    stream.on("data", (chunk: Buffer) => {
      output += chunk;
      for (const look of looks) look();
    });
  }
  const ended = new Promise<Ended>((resolve) => child.once("close", (code, signal) => resolve({ code, signal })));
  const says = (text: string): Promise<void> =>
    new Promise((resolve, reject) => {
      const look = () => {
        if (!output.includes(text)) return;
        looks.delete(look);
        resolve();
      };
      looks.add(look);
      look();
      void ended.then(({ code, signal }) => reject(new Error(`the server ended (${code ?? signal}):\n${output}`)));
    });
  return { ended, output: () => output, says };
}

/** Resolves at the n-th change of a file in the folder whose name `matches`. */
export function changed(dir: string, matches: (name: string) => boolean, n = 1): Promise<void> {
  return new Promise((resolve) => {
    let seen = 0;
    const watcher = watch(dir, (_event, name) => {
      if (name === null || !matches(name) || ++seen < n) return;
      watcher.close();
      resolve();
    });
  });
}

/** Whether a process with this id is there. */
export function alive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
