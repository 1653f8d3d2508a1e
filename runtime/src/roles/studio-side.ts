import type { IncomingMessage, RequestListener, Server } from "node:http";
import type { Duplex } from "node:stream";
import type { HttpOptions } from "../api/http.js";
import { Eraser } from "../conversations/eraser.js";
import { Retention } from "../conversations/retention.js";
import type { Ground } from "../ground.js";
import { Answering } from "../operators/answering.js";
import { Projector } from "../projection/projector.js";
import { ConversationReader } from "../projection/reading.js";
import { SessionsBegun } from "../projection/sessions-begun.js";
import { ProjectionStore } from "../projection/store.js";
import type { RefusedOrigins } from "../proxy/refused-origins.js";
import { type FlowFile, flowPaths, readFlowFile, watchFlows } from "../registry/flow-files.js";
import { Studio } from "../studio/studio.js";
import { call } from "../webhooks/call.js";
import { happeningsOf } from "../webhooks/happening.js";
import { FOUND_WITHIN, Webhooks } from "../webhooks/webhooks.js";
import { WhatIfs } from "../what-if/what-ifs.js";
import { measureLag } from "./lag.js";

export type ServedFiles = { readonly paths: readonly string[]; readonly files: readonly FlowFile[] };

/** The flow files that the process was started with. @throws UserError */
export async function servedFiles(flows: readonly string[], cwd = process.cwd()): Promise<ServedFiles> {
  const paths = await flowPaths(flows, cwd);
  return { paths, files: await Promise.all(paths.map(readFlowFile)) };
}

/** The studio, and the lists of conversations that it shows: what one process of a log does. */
export class StudioSide {
  readonly studio: Studio;
  readonly projections: ProjectionStore;
  readonly whatIfs: WhatIfs;
  readonly #webhooks: Webhooks;
  readonly #answering: Answering;
  readonly #projector: Projector;
  readonly #eraser: Eraser;
  readonly #retention: Retention;
  readonly #reader: ConversationReader;

  private constructor(
    private readonly ground: Ground,
    private readonly served: ServedFiles,
  ) {
    const { config, log, logFile, registry, metrics, now, random, tracer } = ground;
    const studio = new Studio({
      ...{ config, registry, log, now, random },
      file: ground.file("studio.db") ?? ":memory:",
      logger: ground.child("studio"),
    });
    ground.ends(() => studio.close());
    const webhooks = new Webhooks({
      ...{ store: studio.store, now, metrics, tracer, allow: config.webhookAllow },
      call: (what, signal) => call(what, { allow: config.webhookAllow, signal }),
      logger: ground.child("webhooks"),
    });
    const projections = new ProjectionStore(ground.file("projections.db") ?? ":memory:");
    ground.letsGo(() => projections.close());
    const projector = new Projector({
      ...{ log, metrics, now, store: projections },
      logger: ground.child("projection"),
      onChanged: (flows) => {
        for (const flow of flows) studio.events.emit({ kind: "conversations", flow });
      },
      onHandOffs: (rows) => {
        webhooks.happened(rows.flatMap(happeningsOf));
        this.#answering.changed(rows);
      },
      onErasing: (sid) => this.#answering.erased(sid),
    });
    ground.flushes(() => projector.flush());
    ground.space?.keepReserve();
    this.#eraser = new Eraser({
      ...{ log, projector, projections, now, studio: studio.store, folder: ground.folder },
      makeRoom: async () => (await ground.space?.makeRoom()) ?? false,
      logger: ground.child("erasing"),
    });
    this.#retention = new Retention({
      ...{ log, now, eraser: this.#eraser, keeps: config.keeps },
      begun: new SessionsBegun(projections.db),
      logger: ground.child("retention"),
    });
    this.#answering = new Answering({
      ...{ log, now, store: studio.store, events: studio.events, handOffs: projections.handOffs },
      connected: (person) => studio.socket.connected(person),
      catchingUp: () => projector.catchingUp,
      logger: ground.child("answering"),
    });
    studio.inbox = this.#answering.inbox;
    this.#reader = new ConversationReader(projections);
    this.whatIfs = new WhatIfs({
      ...{ log, logFile, registry, now, reader: this.#reader },
      logger: ground.child("what-if"),
    });
    measureLag(ground, "projection", () => projector.places);
    metrics.measure(() => {
      metrics.webhooksWaiting.set(studio.store.webhooks.waiting());
      const { held, waiting, oldest } = projections.handOffs.standing();
      metrics.handOffs.set({ state: "waiting" }, waiting);
      metrics.handOffs.set({ state: "with-person" }, held);
      const waited = oldest === undefined ? 0 : Math.max(0, now() - Date.parse(oldest));
      metrics.longestWait.set(waited / 1000);
    });
    ground.holds(studio.previews);
    ground.holds(studio.socket);
    this.studio = studio;
    this.projections = projections;
    this.#projector = projector;
    this.#webhooks = webhooks;
  }

  /** Opens the studio's files and takes the served flows in. @throws UserError `studio-store` */
  static async open(ground: Ground, served: ServedFiles): Promise<StudioSide> {
    const side = new StudioSide(ground, served);
    await side.studio.takeFiles(served.files);
    for (const file of served.files) {
      for (const finding of file.warnings) ground.logger.warn({ flow: file.id, code: finding.code }, finding.message);
    }
    return side;
  }

  /**
   * Of `httpApp`.
   * @param visitors where visitors are, when that is not where the studio is
   * @param refused the sites that may not show a flow and asked for it
   */
  http(visitors: () => string | undefined, refused: RefusedOrigins): NonNullable<HttpOptions["studio"]> {
    const { log, now, space } = this.ground;
    const { store, events, files, site, previews, pictures } = this.studio;
    const shown = { store, events, files, site, previews, pictures, visitors, refused, now };
    const catchingUp = () => this.#projector.catchingUp;
    return {
      ...shown,
      full: () => space?.short ?? false,
      log,
      reader: this.#reader,
      catchingUp,
      eraser: this.#eraser,
      whatIfs: this.whatIfs,
      webhooks: this.#webhooks,
      answering: this.#answering,
    };
  }

  /** Whether a request to be upgraded is for the studio. */
  answers(request: IncomingMessage): boolean {
    return isAt(request, "/api/socket") || isAt(request, "/preview");
  }

  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const { previews, socket: tabs } = this.studio;
    (isAt(request, "/preview") ? previews : tabs).upgrade(request, socket, head);
  }

  /** A port that is the studio's alone. */
  server(app: RequestListener): Server {
    return this.ground.server(app, (...upgrade) => this.upgrade(...upgrade));
  }

  /** Resolves when previews can begin. */
  async start(): Promise<void> {
    await this.studio.start(this.ground.signal);
  }

  /** Follows the log and the served files. The lists catch up with the log while people are served. */
  follow(): void {
    const { logger, signal } = this.ground;
    void this.#projector.start(signal);
    this.#eraser.start(signal);
    this.#retention.start(signal);
    // What was written just before a stop may not have been told.
    this.#webhooks.happened(this.projections.handOffs.since(this.ground.now() - FOUND_WITHIN).flatMap(happeningsOf));
    this.#webhooks.start(signal);
    this.#answering.start(signal);
    watchFlows(this.served.paths, (file) => this.studio.take(file), { logger, signal });
  }

  /** The address to print. @param port where it listens */
  address(port: number): string {
    const { studioUrl } = this.ground.config;
    return this.studio.address((this.studio.site.publicUrl ?? studioUrl)?.href ?? this.ground.address(port));
  }
}

const isAt = (request: IncomingMessage, path: string): boolean => request.url?.split("?")[0] === path;
