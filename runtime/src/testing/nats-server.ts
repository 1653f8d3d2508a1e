import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { scratch } from "./server.js";

/** A NATS server with JetStream of a test's own, in a fresh folder, on loopback. */
export type NatsServer = {
  /** `host:port`; the same after a restart. */
  readonly address: string;
  /** Sends its process a signal; resolves when it has ended, or at once where the signal does not end it. */
  signal(signal: NodeJS.Signals): Promise<void>;
  /** Starts it again on the same port and folder. */
  start(): Promise<void>;
  /** Every file of the streams whose name begins so. */
  files(streams: string): Buffer;
  dispose(): Promise<void>;
};

/** @param limits lines of the server's configuration within `jetstream { }` */
export async function startNatsServer(limits = ""): Promise<NatsServer> {
  const binary = findNatsServer();
  const folder = scratch();
  const config = join(folder.path, "nats.conf");
  const store = join(folder.path, "store");
  writeFileSync(config, `jetstream { store_dir: ${JSON.stringify(store)}\n${limits}\n}\n`);
  let child: ChildProcess | undefined;
  let port = "-1";
  const start = async (): Promise<void> => {
    const args = ["-c", config, "-a", "127.0.0.1", "-p", port, "--ports_file_dir", folder.path];
    const started = spawn(binary, args, { stdio: ["ignore", "ignore", "pipe"] });
    child = started;
    let output = "";
    await new Promise<void>((resolve, reject) => {
      started.stderr.on("data", (chunk: Buffer) => {
        output += chunk;
        if (output.includes("Server is ready")) resolve();
      });
      started.once("exit", () => reject(new Error(`nats-server ended:\n${output}`)));
      started.once("error", reject);
    });
    port = /client connections on [\d.]+:(\d+)/.exec(output)![1]!;
  };
  const signal = async (name: NodeJS.Signals): Promise<void> => {
    const ended = child;
    if (ended === undefined || ended.exitCode !== null || ended.signalCode !== null) return;
    ended.kill(name);
    if (name !== "SIGSTOP" && name !== "SIGCONT") await once(ended, "exit");
  };
  await start();
  return {
    get address() {
      return `127.0.0.1:${port}`;
    },
    signal,
    start,
    files(streams) {
      const inside = (path: string): Buffer[] =>
        readdirSync(path, { withFileTypes: true }).flatMap((entry) =>
          entry.isDirectory() ? inside(join(path, entry.name)) : [readFileSync(join(path, entry.name))],
        );
      const root = join(store, "jetstream", "$G", "streams");
      const found = readdirSync(root).filter((name) => name.startsWith(streams));
      return Buffer.concat(found.flatMap((name) => inside(join(root, name))));
    },
    async dispose() {
      await signal("SIGKILL");
      folder.dispose();
    },
  };
}

/** @throws Error saying how to get one */
function findNatsServer(): string {
  const named = process.env.PARLEY_NATS_SERVER;
  const folders = (process.env.PATH ?? "").split(delimiter).filter((folder) => folder !== "");
  const places = named ? [named] : [...folders, "/usr/sbin"].map((folder) => join(folder, "nats-server"));
  const found = places.find((place) => existsSync(place));
  if (found !== undefined) return found;
  throw new Error(
    'No nats-server was found: install it (on Debian or Ubuntu: apt-get install nats-server), or set PARLEY_NATS_SERVER to the path of one. "npm test" installs it where it may.',
  );
}
