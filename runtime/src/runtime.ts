import { setMaxListeners } from "node:events";
import { createServer, type IncomingMessage } from "node:http";
import { join, resolve } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { Express } from "express";
import type { Logger } from "pino";
import { httpApp } from "./api/http.js";
import { keepParts } from "./api/widget-files.js";
import { type Config, isLoopback } from "./config.js";
import { Eraser } from "./conversations/eraser.js";
import { openDataFolder } from "./data-folder.js";
import { closeServer, listen, urlHost } from "./listen.js";
import type { EventLog } from "./log/event-log.js";
import { openSqliteLog } from "./log/sqlite.js";
import { createMetrics, type Metrics } from "./metrics.js";
import type { Previews } from "./preview/previews.js";
import { Projector } from "./projection/projector.js";
import { ConversationReader } from "./projection/reading.js";
import { ProjectionStore } from "./projection/store.js";
import { IDENTITY_KEYS, IdentityKeys } from "./proxy/identity-keys.js";
import { ProxyRole } from "./proxy/proxy.js";
import { RefusedOrigins } from "./proxy/refused-origins.js";
import { flowPaths, readFlowFile, watchFlows } from "./registry/flow-files.js";
import { Registry } from "./registry/registry.js";
import type { StudioStore } from "./studio/store.js";
import { Studio } from "./studio/studio.js";
import { WhatIfs } from "./what-if/what-ifs.js";
import { type PlaceStore, placeFile, placeMemory } from "./workflow/place.js";
import { openShared, PLACES } from "./workflow/shared-log.js";
import { Workflow } from "./workflow/workflow.js";

/** What a test replaces. */
export type Overrides = {
  /** Instead of the data folder and its SQLite log: nothing is written to disk. */
  readonly log?: EventLog;
  readonly places?: PlaceStore;
  readonly now?: () => number;
  readonly random?: () => number;
  readonly cwd?: string;
};

export type Runtime = {
  readonly log: EventLog;
  readonly registry: Registry;
  readonly metrics: Metrics;
  readonly projections: ProjectionStore;
  readonly whatIfs: WhatIfs;
  readonly studio: StudioStore;
  readonly previews: Previews;
  /** What answers over HTTP: one, or with ADMIN_PORT the visitors' and the studio's. */
  readonly apps: readonly Express[];
  /** What it listens on; the same one without ADMIN_PORT. */
  readonly ports: { readonly visitors: number; readonly studio: number };
  /** Where pages and the widget are, as visitors see it; ends with "/". */
  readonly url: string;
  /** The websocket of the default flow. */
  readonly wsUrl: string;
  /** The studio; on a loopback address with a fresh login link's secret, good once within ten minutes. */
  readonly studioUrl: string;
  readonly defaultFlow: string | undefined;
  /** Stops taking work, flushes, closes every socket with "come back", lets go of everything. Idempotent. */
  drain(): Promise<void>;
};

/** Reconnects after a restart are spread over this many ms. */
const JITTER = 5_000;

/**
 * Builds all roles around one event log and starts them.
 * @throws UserError for whatever a user can mend: flows, data folder, port.
 */
export async function createRuntime(config: Config, logger: Logger, overrides: Overrides = {}): Promise<Runtime> {
  const now = overrides.now ?? Date.now;
  const random = overrides.random ?? Math.random;
  const paths = await flowPaths(config.flows, overrides.cwd ?? process.cwd());
  const files = await Promise.all(paths.map(readFlowFile));

  const folderPath = resolve(overrides.cwd ?? process.cwd(), config.dataDir);
  const folder = overrides.log ? undefined : await openDataFolder(folderPath, { drainWaitMs: config.drain + 2_000 });
  const undo: (() => Promise<void> | void)[] = [() => folder?.release()];
  const end = new AbortController();
  setMaxListeners(0, end.signal); // One tail a partition and reader listens to it.
  try {
    const metrics = createMetrics();
    const opening = { folder: folderPath, signal: end.signal, logger, metrics };
    const sharedLog = overrides.log ? undefined : await openShared(config, opening);
    const logFile = overrides.log || sharedLog ? undefined : join(folderPath, "log.db");
    const log =
      overrides.log ?? sharedLog?.log ?? (await openSqliteLog({ file: logFile!, partitions: config.partitions }));
    undo.unshift(() => log.close());
    let studio: Studio | undefined;
    let workflow: Workflow | undefined;
    undo.unshift(async () => {
      end.abort();
      await Promise.all([studio?.close(), workflow?.ended()]);
    });
    const registry = new Registry(log, logger.child({ part: "registry" }));
    await registry.start(end.signal);
    studio = new Studio({
      config,
      file: folder ? join(folderPath, "studio.db") : ":memory:",
      registry,
      logger: logger.child({ part: "studio" }),
      now,
      random,
    });
    await studio.takeFiles(files);
    for (const file of files) {
      for (const finding of file.warnings) logger.warn({ flow: file.id, code: finding.code }, finding.message);
    }
    const defaultFlow = files[0]?.id ?? registry.flows()[0];
    const projections = new ProjectionStore(folder ? join(folderPath, "projections.db") : ":memory:");
    undo.push(() => projections.close());
    const common = { log, registry, metrics, now };
    const stepping = { ...common, logger: logger.child({ part: "workflow" }) };
    const places = overrides.places ?? (folder ? placeFile(join(folderPath, PLACES)) : placeMemory());
    workflow = new Workflow({
      ...stepping,
      places,
      ...sharedLog?.stepping(stepping.logger),
    });
    const proxy = new ProxyRole({
      ...common,
      config,
      logger: logger.child({ part: "proxy" }),
      random,
      identityKeys: new IdentityKeys(config.identityKeys ?? (folder && join(folderPath, IDENTITY_KEYS))),
      defaultFlow: () => defaultFlow,
    });
    const projector = new Projector({
      log,
      metrics,
      now,
      store: projections,
      logger: logger.child({ part: "projection" }),
      onChanged: (flows) => {
        for (const flow of flows) studio?.events.emit({ kind: "conversations", flow });
      },
    });
    const eraser = new Eraser({
      log,
      projector,
      projections,
      studio: studio.store,
      folder: folder?.dir,
      now,
      logger: logger.child({ part: "erasing" }),
    });
    const state = { started: false, draining: false };
    const kept = folder && join(folderPath, "widget");
    if (kept !== undefined) {
      await keepParts(kept).catch((error: unknown) => logger.warn({ err: error }, "the widget's parts are not kept"));
    }
    const refused = new RefusedOrigins(now);
    const http = {
      config,
      refused,
      pictures: studio.pictures,
      kept,
      registry,
      metrics,
      logger: logger.child({ part: "http" }),
      state: () => state,
      health: () => log.health(),
      defaultFlow: () => defaultFlow,
    };
    const { store, events, files: served, site, socket: studioSocket, previews, pictures } = studio;
    const reader = new ConversationReader(projections);
    const visitors = () => (shared ? undefined : url);
    const whatIfs = new WhatIfs({ log, logFile, registry, reader, logger: logger.child({ part: "what-if" }), now });
    const catchingUp = () => projector.catchingUp;
    const seen = { log, reader, catchingUp, eraser, whatIfs };
    const admin = { store, events, files: served, site, previews, pictures, visitors, now, ...seen };
    const shared = config.adminPort === undefined;
    const apps = [httpApp({ ...http, visitors: true, studio: shared ? admin : undefined })];
    const server = createServer(apps[0]);
    if (!shared) apps.push(httpApp({ ...http, visitors: false, studio: admin }));
    const adminServer = shared ? server : createServer(apps[1]);
    server.on("upgrade", (request, socket, head) => {
      if (shared && isAt(request, "/api/socket")) studioSocket.upgrade(request, socket, head);
      else if (shared && isAt(request, "/preview")) previews.upgrade(request, socket, head);
      else proxy.upgrade(request, socket, head);
    });
    if (!shared) {
      adminServer.on("upgrade", (request, socket, head) => {
        const to = isAt(request, "/preview") ? previews : studioSocket;
        to.upgrade(request, socket, head);
      });
    }
    await workflow.start(end.signal);
    await proxy.start(end.signal);
    await studio.start(end.signal);
    const port = await listen(server, config.port, config.host);
    undo.unshift(() => closeServer(server));
    const adminPort = config.adminPort === undefined ? port : await listen(adminServer, config.adminPort, config.host);
    if (!shared) undo.unshift(() => closeServer(adminServer));
    void projector.start(end.signal);
    eraser.start(end.signal);
    watchFlows(paths, (file) => studio.take(file), { logger, signal: end.signal });
    state.started = true;
    folder?.setState("serving");

    const address = (of: number) => `http://${isLoopback(config.host) ? "localhost" : urlHost(config.host)}:${of}/`;
    const url = config.publicUrl?.href ?? address(port);
    const studioUrl = studio.address(site.publicUrl?.href ?? address(adminPort));
    let drained: Promise<void> | undefined;
    const drain = async (): Promise<void> => {
      state.draining = true;
      folder?.setState("draining");
      proxy.stopTaking();
      previews.stopTaking();
      server.close();
      if (!shared) adminServer.close();
      // What was taken is answered before its sockets are told to come back.
      const deadline = now() + config.drain / 2;
      while (log.health().queued > 0 && now() < deadline) await delay(5);
      const closing = [proxy, studioSocket, previews].map((held) => held.closeAll(JITTER, config.drain / 2));
      await Promise.all(closing);
      projector.flush();
      for (const step of undo) await step();
    };
    return {
      log,
      registry,
      metrics,
      projections,
      whatIfs,
      studio: store,
      previews,
      apps,
      ports: { visitors: port, studio: adminPort },
      url,
      studioUrl,
      wsUrl: url.replace(/^http/, "ws"),
      defaultFlow,
      drain: () => (drained ??= drain()),
    };
  } catch (error) {
    for (const step of undo) await step();
    throw error;
  }
}

const isAt = (request: IncomingMessage, path: string): boolean => request.url?.split("?")[0] === path;
