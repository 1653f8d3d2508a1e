import { exec } from "node:child_process";
import { randomUUID } from "node:crypto";
import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { promisify } from "node:util";
import type { LogRecord } from "@parley/shared/record";
import type { EventLog } from "../../log/event-log.js";
import { fluvioAddress } from "../../log/fluvio/address.js";
import { Cluster } from "../../log/fluvio/cluster.js";
import { openFluvioLog } from "../../log/fluvio/fluvio-log.js";
import { deleteTopics, makeTopics } from "../../log/fluvio/setup.js";
import { natsAddress } from "../../log/nats/address.js";
import { Link } from "../../log/nats/link.js";
import { openNatsLog } from "../../log/nats/nats-log.js";
import { makeStreams } from "../../log/nats/setup.js";
import { readLogFile } from "../log-file.js";
import { bySession, everything } from "../log-readers.js";
import { startNatsServer } from "../nats-server.js";
import { launch, type ServerProcess } from "../process.js";
import { scratch } from "../server.js";
import { canLimit, cannotWrite, filled, locked, ownDisk, restarted, stalled } from "./misfortunes.js";
import type { Network } from "./network.js";
import { type Engine, type Kind, PROCESSES } from "./plan.js";

const PARTITIONS = 4;
/** Nothing here is about limits; and who is told to end waits 3 s, not 8, for visitors on a network that has fallen silent. */
const ARGS = ["--limits", "off", "--log-level", "error", "--drain", "3"];
/** Where Debian and others put it. */
const LIBFAKETIME = ["/usr/lib/x86_64-linux-gnu", "/usr/lib/aarch64-linux-gnu", "/usr/lib64", "/usr/lib"]
  .map((folder) => join(folder, "faketime/libfaketimeMT.so.1"))
  .find(existsSync);

/** What can befall the whole, beside its processes' ends. Each resolves when it is over. */
export type Misfortune = (ms: number) => Promise<void>;

/** All processes of one product, behind a network that fails. */
export interface System {
  running(name: string): ServerProcess;
  /** Starts one and waits until it is ready. */
  start(name: string): Promise<void>;
  /** Starts one. */
  launch(name: string): void;
  /** Where a test names the point at which a process is to end; see `fault-points.ts`. */
  faultFile(name: string): string;
  /** Where people work. */
  studio(): ServerProcess;
  /** Where visitors chat, through the network. */
  readonly chats: readonly string[];
  /** The same past the network. */
  chat(): string;
  readonly misfortunes: ReadonlyMap<Kind, Misfortune>;
  /** What cannot be done to it on this machine, and why. */
  readonly without: ReadonlyMap<string, string>;
  /** All records by session, read by a process that is none of them. */
  records(): Promise<ReadonlyMap<string, readonly LogRecord[]>>;
  dispose(): Promise<void>;
}

type Env = Readonly<Record<string, string>>;

/** @param env settings of every process */
export async function startSystem(engine: Engine, network: Network, env: Env): Promise<System> {
  if (engine === "sqlite") return onSqlite(network, env);
  return onShared(await (engine === "nats" ? onNats() : onFluvio()), network, env);
}

/** Processes by name, each in a folder that it keeps, in front of each that visitors talk to a port of the network. */
class Processes {
  readonly chats: string[] = [];
  readonly #running = new Map<string, ServerProcess>();
  readonly #fronts = new Map<string, number>();
  readonly #clock: { readonly file: string; readonly env: Record<string, string> } | undefined;

  constructor(
    private readonly network: Network,
    private readonly folder: string,
    private readonly env: Env,
    private readonly argsOf: (name: string) => { args: readonly string[]; dataDir: string; flow: string | false },
  ) {
    if (LIBFAKETIME === undefined) return;
    const file = join(folder, "clock");
    const own = { FAKETIME_TIMESTAMP_FILE: file, FAKETIME_CACHE_DURATION: "1", FAKETIME_DONT_FAKE_MONOTONIC: "1" };
    this.#clock = { file, env: { LD_PRELOAD: LIBFAKETIME, ...own } };
    writeFileSync(file, "+0");
  }

  faultFile(name: string): string {
    return join(this.folder, `fault-${name.replace(" ", "-")}`);
  }

  launch(name: string): ServerProcess {
    const { args, dataDir, flow } = this.argsOf(name);
    // The small disk of an episode is as full as it wants it to be.
    const own = { MIN_FREE: "0", PARLEY_FAULT_FILE: this.faultFile(name) };
    const started = launch({ dataDir, args, flow, env: { ...this.env, ...own, ...this.#clock?.env } });
    this.#running.set(name, started);
    return started;
  }

  async start(name: string): Promise<void> {
    const started = this.launch(name);
    await started.says("Parley is ready.");
    const [, port] = /Websocket\s+ws:\/\/[^:]+:(\d+)/.exec(started.output()) ?? [];
    if (port === undefined) return;
    const front = this.#fronts.get(name);
    if (front !== undefined) return void (await this.network.lead(Number(port), front));
    const opened = await this.network.lead(Number(port));
    this.#fronts.set(name, opened);
    this.chats.push(`ws://127.0.0.1:${opened}/chat/bot-assistant`);
  }

  running(name: string): ServerProcess {
    return this.#running.get(name)!;
  }

  /** The clock of every process goes back by an hour, then is right again. */
  get clock(): Misfortune | undefined {
    const clock = this.#clock;
    if (clock === undefined) return undefined;
    return async (ms) => {
      writeFileSync(clock.file, "-3600");
      await delay(ms);
      writeFileSync(clock.file, "+0");
    };
  }

  async end(): Promise<void> {
    await Promise.all([...this.#running.values()].map((one) => one.stop("SIGKILL")));
  }
}

async function onSqlite(network: Network, env: Env): Promise<System> {
  const folder = scratch();
  const disk = await ownDisk(folder.path);
  const dataDir = join(folder.path, "data");
  const processes = new Processes(network, folder.path, env, () => ({ args: ARGS, dataDir, flow: "bot-assistant" }));
  const limits = await canLimit();
  const misfortunes = new Map<Kind, Misfortune>([
    ["locked", (ms: number) => locked(join(dataDir, "log.db"), ms)],
    ...(limits ? ([["write errors", (ms: number) => cannotWrite(processes.running("all").pid, ms)]] as const) : []),
    ...(disk ? ([["full", (ms: number) => filled(folder.path, ms)]] as const) : []),
  ]);
  await processes.start("all");
  return {
    ...common(processes, misfortunes),
    without: missing(processes, {
      ...(!disk && { full: "no file system may be mounted here" }),
      ...(!limits && { "write errors": "prlimit is not installed" }),
    }),
    studio: () => processes.running("all"),
    chat: () => `${processes.running("all").wsUrl}chat/bot-assistant`,
    records: async () => readLogFile(dataDir),
    async dispose() {
      await processes.end();
      await disk?.();
      folder.dispose();
    },
  };
}

/** What many processes share. */
type Shared = {
  readonly log: string;
  /** Further arguments of a process. */
  argsOf?(name: string): readonly string[];
  readonly misfortunes: ReadonlyMap<Kind, Misfortune>;
  readonly without: Readonly<Record<string, string>>;
  open(): Promise<EventLog>;
  dispose(): Promise<void>;
};

async function onNats(): Promise<Shared> {
  const nats = await startNatsServer();
  const address = natsAddress(`nats://${nats.address}/torture`);
  const setup = await Link.open(address);
  await makeStreams(setup, { partitions: PARTITIONS, replicas: 1 });
  await setup.close();
  return {
    log: address.shown,
    misfortunes: new Map<Kind, Misfortune>([
      ["engine killed", () => restarted(nats)],
      ["engine stalled", (ms) => stalled(nats, ms)],
    ]),
    without: {},
    open: () => openNatsLog({ address, partitions: PARTITIONS }),
    dispose: () => nats.dispose(),
  };
}

/** The cluster that FLUVIO_ENDPOINT names; FLUVIO_RESTART, a command, kills its servers and starts them again. */
async function onFluvio(): Promise<Shared> {
  const { FLUVIO_ENDPOINT, FLUVIO_RESTART } = process.env;
  const address = fluvioAddress(`fluvio://${FLUVIO_ENDPOINT}/torture-${randomUUID().slice(0, 8)}`);
  await makeTopics(await Cluster.open(address), { partitions: PARTITIONS, replicas: 1 });
  const half = PARTITIONS / 2;
  const shares: Record<string, string> = {
    "workflow 1": `0-${half - 1}`,
    "workflow 2": `${half}-${PARTITIONS - 1}`,
  };
  const restart = FLUVIO_RESTART && (async () => void (await promisify(exec)(FLUVIO_RESTART)));
  return {
    log: address.shown,
    argsOf: (name) => (shares[name] ? ["--partitions", shares[name]] : []),
    misfortunes: new Map<Kind, Misfortune>(restart ? [["engine killed", restart]] : []),
    without: restart ? {} : { "engine killed": "FLUVIO_RESTART is no command" },
    open: () => openFluvioLog({ address, index: ":memory:", partitions: PARTITIONS }),
    async dispose() {
      await deleteTopics(await Cluster.open(address));
    },
  };
}

async function onShared(shared: Shared, network: Network, env: Env): Promise<System> {
  const folder = scratch();
  const processes = new Processes(network, folder.path, env, (name) => {
    const role = name.split(" ")[0]!;
    const args = ["--log", shared.log, "--role", role, ...(shared.argsOf?.(name) ?? []), ...ARGS];
    const dataDir = join(folder.path, name.replace(" ", "-"));
    return { args, dataDir, flow: role === "studio" && "bot-assistant" };
  });
  for (const name of PROCESSES.nats) await processes.start(name);
  return {
    ...common(processes, new Map(shared.misfortunes)),
    without: missing(processes, shared.without),
    studio: () => processes.running("studio"),
    chat: () => `${processes.running("proxy 1").wsUrl}chat/bot-assistant`,
    async records() {
      const log = await shared.open();
      try {
        return bySession(await everything(log));
      } finally {
        await log.close();
      }
    },
    async dispose() {
      await processes.end();
      await shared.dispose();
      folder.dispose();
    },
  };
}

function common(processes: Processes, misfortunes: Map<Kind, Misfortune>) {
  if (processes.clock) misfortunes.set("clock back", processes.clock);
  return {
    running: (name: string) => processes.running(name),
    start: (name: string) => processes.start(name),
    launch: (name: string) => void processes.launch(name),
    faultFile: (name: string) => processes.faultFile(name),
    chats: processes.chats,
    misfortunes,
  };
}

const missing = (processes: Processes, others: Readonly<Record<string, string>>): Map<string, string> =>
  new Map([
    ...(processes.clock ? [] : ([["clock back", "libfaketime is not installed"]] as const)),
    ...Object.entries(others),
  ]);
