import { setMaxListeners } from "node:events";
import { createServer, type IncomingMessage, type RequestListener, type Server } from "node:http";
import { join, resolve } from "node:path";
import type { Duplex } from "node:stream";
import { setTimeout as delay } from "node:timers/promises";
import type { Logger } from "pino";
import { type Config, isLoopback } from "./config.js";
import { type DataFolder, openDataFolder } from "./data-folder.js";
import { Descriptors } from "./descriptors.js";
import { measureDisk } from "./disk-metrics.js";
import { FreeSpace, roomToStart } from "./free-space.js";
import { closeServer, listen, urlHost } from "./listen.js";
import type { EventLog } from "./log/event-log.js";
import { openSqliteLog } from "./log/sqlite.js";
import { createMetrics, type Metrics } from "./metrics.js";
import { Registry } from "./registry/registry.js";
import type { SessionKeys } from "./sealing/keys.js";
import { openSessionKeys, SESSION_KEYS } from "./sealing/opening.js";
import { sealedLog } from "./sealing/sealed-log.js";
import type { Tracer } from "./tracing/tracer.js";
import type { PlaceStore } from "./workflow/place.js";
import { openShared, type SharedLog } from "./workflow/shared-log.js";

/** What a test replaces. */
export type Overrides = {
  /** Instead of the data folder and its SQLite log: nothing is written to disk. */
  readonly log?: EventLog;
  readonly places?: PlaceStore;
  readonly now?: () => number;
  readonly random?: () => number;
  /** Bytes free on the data folder's disk. */
  readonly free?: () => Promise<number>;
  readonly cwd?: string;
};

/** Sockets that are told to come back before the process ends. */
export type Held = {
  stopTaking?(): void;
  /** Closes each socket with "come back", spread over `jitter` ms; resolves when all are closed. */
  closeAll(jitter: number, deadline: number): Promise<void>;
};
type Upgrade = (request: IncomingMessage, socket: Duplex, head: Buffer) => void;
type Step = () => Promise<void> | void;

/** A whole request has to be there within so many ms, as Node's own default is. */
const REQUEST = 300_000;
/** Reconnects after a restart are spread over this many ms. */
const JITTER = 5_000;

type Opened = {
  readonly folder: DataFolder | undefined;
  readonly log: EventLog;
  readonly logFile: string | undefined;
  readonly shared: SharedLog | undefined;
  readonly metrics: Metrics;
  readonly keys: SessionKeys | undefined;
  readonly tracer: Tracer | undefined;
  readonly end: AbortController;
};

/**
 * What every role stands on: the data folder, the log, what is published, an orderly end. A role adds the sockets that it
 * holds and what it has to do at the end.
 */
export class Ground {
  readonly state = { started: false, draining: false };
  readonly now: () => number;
  readonly random: () => number;
  readonly registry: Registry;
  readonly descriptors = new Descriptors();
  /** Of the data folder's disk, where there is one. */
  readonly space: FreeSpace | undefined;
  readonly #servers: Server[] = [];
  readonly #held: Held[] = [];
  readonly #flushes: Step[] = [];
  readonly #ended: Step[] = [];
  readonly #files: Step[] = [];
  #drained: Promise<void> | undefined;

  private constructor(
    readonly config: Config,
    readonly logger: Logger,
    readonly overrides: Overrides,
    private readonly opened: Opened,
  ) {
    this.now = overrides.now ?? Date.now;
    this.random = overrides.random ?? Math.random;
    this.registry = new Registry(opened.log, this.child("registry"));
    const { folder, metrics } = opened;
    const { minFree } = config;
    this.space =
      folder &&
      new FreeSpace({ folder: folder.dir, minFree, metrics, logger: this.child("disk"), free: overrides.free });
  }

  /**
   * Locks the data folder, opens the log and reads what is published.
   * @throws UserError, LogOpenError, DataFolderError for whatever a user can mend
   */
  static async open(config: Config, logger: Logger, overrides: Overrides = {}): Promise<Ground> {
    const path = resolve(overrides.cwd ?? process.cwd(), config.dataDir);
    if (!overrides.log) await roomToStart(path, logger);
    const folder = overrides.log ? undefined : await openDataFolder(path, { drainWaitMs: config.drain + 2_000 });
    const end = new AbortController();
    setMaxListeners(0, end.signal); // One tail a partition and reader listens to it.
    const metrics = createMetrics();
    let ground: Ground;
    try {
      const opening = { folder: path, signal: end.signal, logger, metrics };
      const shared = overrides.log ? undefined : await openShared(config, opening);
      const logFile = overrides.log || shared ? undefined : join(path, "log.db");
      const plain =
        overrides.log ??
        shared?.log ??
        (await openSqliteLog({
          ...{ file: logFile!, partitions: config.partitions },
          onCommit: (seconds) => metrics.commitSeconds.observe(seconds),
          tell: (sentence) => logger.warn(sentence),
        }));
      const keys = overrides.log ? undefined : openSessionKeys(config, join(path, SESSION_KEYS));
      const log = keys ? sealedLog(plain, keys) : plain;
      // Nothing of it is loaded where nobody wants traces.
      const tracing = config.tracing && (await import("./tracing/otlp-tracer.js"));
      const tracer = tracing?.openTracer(config.tracing!, logger.child({ part: "tracing" }));
      if (folder) measureDisk(metrics, path);
      ground = new Ground(config, logger, overrides, { folder, log, logFile, shared, metrics, keys, tracer, end });
    } catch (error) {
      folder?.release();
      throw error;
    }
    try {
      await ground.space?.look();
      await ground.registry.start(end.signal);
      return ground;
    } catch (error) {
      await ground.close();
      throw error;
    }
  }

  get log(): EventLog {
    return this.opened.log;
  }
  /** The log's file, where it is one. */
  get logFile(): string | undefined {
    return this.opened.logFile;
  }
  /** The log, where several processes share it. */
  get shared(): SharedLog | undefined {
    return this.opened.shared;
  }
  /** By which the log's records are sealed, if they are. */
  get keys(): SessionKeys | undefined {
    return this.opened.keys;
  }
  get metrics(): Metrics {
    return this.opened.metrics;
  }
  /** Where spans go, if anywhere. */
  get tracer(): Tracer | undefined {
    return this.opened.tracer;
  }
  /** The data folder, unless a test gave the log. */
  get folder(): string | undefined {
    return this.opened.folder?.dir;
  }
  /** Too little is free for new conversations, which are kept in the data folder, whole or as an index of them. */
  get full(): boolean {
    return this.config.log?.engine !== "nats" && this.space?.short === true;
  }
  /** Aborts when everything that reads the log is to end. */
  get signal(): AbortSignal {
    return this.opened.end.signal;
  }

  child(part: string): Logger {
    return this.logger.child({ part });
  }
  /** In the data folder; undefined where there is none. */
  file(name: string): string | undefined {
    return this.folder && join(this.folder, name);
  }

  /** Told to come back before the end. */
  holds(held: Held): void {
    this.#held.push(held);
  }
  /** Done once nothing more is taken, before the log's readers end. */
  flushes(step: Step): void {
    this.#flushes.push(step);
  }
  /** Waited for once the signal has aborted. */
  ends(step: Step): void {
    this.#ended.push(step);
  }
  /** Let go of last, when the log is closed. */
  letsGo(step: Step): void {
    this.#files.push(step);
  }

  /** A server that does not listen yet. */
  server(app: RequestListener, upgrade?: Upgrade): Server {
    // Who does not say what it wants, within the time of a handshake, is not waited for.
    const { handshake } = this.config.socket;
    const server = createServer(
      {
        headersTimeout: handshake,
        requestTimeout: Math.max(REQUEST, handshake),
        connectionsCheckingInterval: 1_000,
      },
      app,
    );
    server.maxConnections = this.descriptors.connections;
    if (upgrade) server.on("upgrade", upgrade);
    return server;
  }

  /** @returns its port. @throws UserError `port-in-use`, `cannot-listen` */
  async listen(server: Server, port: number): Promise<number> {
    const taken = await listen(server, port, this.config.host);
    this.#servers.push(server);
    return taken;
  }

  /** Where a port of this process is, for whoever is on this machine; ends with "/". */
  address(port: number): string {
    const { host } = this.config;
    return `http://${isLoopback(host) ? "localhost" : urlHost(host)}:${port}/`;
  }

  started(): void {
    this.state.started = true;
    this.descriptors.start(this.signal);
    this.space?.start(this.signal);
    this.opened.folder?.setState("serving");
  }

  /** Stops taking work, flushes, closes every socket with "come back", lets go of everything. Idempotent. */
  drain(): Promise<void> {
    this.#drained ??= this.#drain();
    return this.#drained;
  }

  async #drain(): Promise<void> {
    const { config, now, log } = this;
    this.state.draining = true;
    this.opened.folder?.setState("draining");
    for (const held of this.#held) held.stopTaking?.();
    for (const server of this.#servers) server.close();
    // What was taken is answered before its sockets are told to come back.
    const deadline = now() + config.drain / 2;
    while (log.health().queued > 0 && now() < deadline) await delay(5);
    await Promise.all(this.#held.map((held) => held.closeAll(JITTER, config.drain / 2)));
    for (const step of this.#flushes) await step();
    await this.close();
  }

  /** The end of a start that failed, or of a drain. */
  async close(): Promise<void> {
    for (const server of this.#servers) await closeServer(server);
    this.opened.end.abort();
    await Promise.all(this.#ended.map((step) => step()));
    await this.opened.log.close();
    this.opened.folder?.release();
    for (const step of this.#files) await step();
    await this.tracer?.close();
  }
}
