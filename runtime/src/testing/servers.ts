import { join } from "node:path";
import { natsAddress } from "../log/nats/address.js";
import { Link } from "../log/nats/link.js";
import { makeStreams } from "../log/nats/setup.js";
import { startNatsServer } from "./nats-server.js";
import { launch, type ServerProcess } from "./process.js";
import { scratch } from "./server.js";

const PARTITIONS = 4;

/** All processes of one product over a log of their own: one on SQLite, five on NATS. */
export type Servers = {
  /** Every process that is ready, by its name. */
  readonly running: ReadonlyMap<string, ServerProcess>;
  /** Starts a process of that name, of another build by its `bin`; resolves when it is ready. */
  start(name: string, bin?: string): Promise<ServerProcess>;
  /** Ends it in order, and waits until it has gone. */
  stop(name: string): Promise<void>;
  /** Where visitors chat with this process; undefined: it takes none. */
  chat(name: string): string | undefined;
  /** The same of each process that takes them. */
  chats(): string[];
  /** As `openLog` takes it. */
  readonly log: string;
  dispose(): Promise<void>;
};

export const ENGINES = ["sqlite", "nats"] as const;
export type Engine = (typeof ENGINES)[number];
const NAMES = { sqlite: ["all"], nats: ["studio", "proxy 1", "proxy 2", "workflow 1", "workflow 2"] } as const;

/**
 * Starts them with the flow bot-assistant.
 * @param args of each process
 * @param bin of another build, which they begin with
 */
export async function startServers(
  engine: Engine,
  { args = ["--limits", "off"], bin }: { args?: readonly string[]; bin?: string } = {},
): Promise<Servers> {
  const folder = scratch();
  const all: ServerProcess[] = [];
  const running = new Map<string, ServerProcess>();
  const nats = engine === "nats" ? await startNatsServer() : undefined;
  const log = nats ? natsAddress(`nats://${nats.address}/servers`).shown : join(folder.path, "all");
  if (nats) {
    const setup = await Link.open(natsAddress(log));
    await makeStreams(setup, { partitions: PARTITIONS, replicas: 1 });
    await setup.close();
  }
  const servers: Servers = {
    running,
    log,
    async start(name, from) {
      const role = name.split(" ")[0]!;
      const started = launch({
        dataDir: join(folder.path, name.replace(" ", "-")),
        args: [...(nats ? ["--log", log, "--role", role] : []), "--log-level", "error", ...args],
        flow: (role === "all" || role === "studio") && "bot-assistant",
        ...(from !== undefined && { bin: from }),
      });
      all.push(started);
      await started.says("Parley is ready.");
      running.set(name, started);
      return started;
    },
    async stop(name) {
      const one = running.get(name)!;
      running.delete(name);
      const { code, signal } = await one.stop("SIGTERM");
      if (code !== 0) throw new Error(`${name} ended with ${code ?? signal}:\n${one.output()}`);
    },
    chat: (name) =>
      name === "all" || name.startsWith("proxy") ? `${running.get(name)!.wsUrl}chat/bot-assistant` : undefined,
    chats: () => [...running.keys()].flatMap((name) => servers.chat(name) ?? []),
    async dispose() {
      await Promise.all(all.map((one) => one.stop("SIGKILL")));
      await nats?.dispose();
      folder.dispose();
    },
  };
  try {
    await Promise.all(NAMES[engine].map((name) => servers.start(name, bin)));
    return servers;
  } catch (error) {
    await servers.dispose();
    throw error;
  }
}
