import type { Express } from "express";
import type { Logger } from "pino";
import { httpApp } from "./api/http.js";
import type { Config } from "./config.js";
import { Ground, type Overrides } from "./ground.js";
import type { EventLog } from "./log/event-log.js";
import type { Metrics } from "./metrics.js";
import type { Previews } from "./preview/previews.js";
import type { ProjectionStore } from "./projection/store.js";
import { RefusedOrigins } from "./proxy/refused-origins.js";
import { hearRefused } from "./proxy/refused-signals.js";
import type { Registry } from "./registry/registry.js";
import { stepping } from "./roles/stepping.js";
import { StudioSide, servedFiles } from "./roles/studio-side.js";
import { Visitors } from "./roles/visitors.js";
import type { StudioStore } from "./studio/store.js";
import type { WhatIfs } from "./what-if/what-ifs.js";

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

/**
 * Builds all roles around one event log and starts them.
 * @throws UserError for whatever a user can mend: flows, data folder, port.
 */
export async function createRuntime(config: Config, logger: Logger, overrides: Overrides = {}): Promise<Runtime> {
  const served = await servedFiles(config.flows, overrides.cwd);
  const ground = await Ground.open(config, logger, overrides);
  try {
    const { log, registry, metrics } = ground;
    const side = await StudioSide.open(ground, served);
    const { studio, projections, whatIfs } = side;
    const defaultFlow = served.files[0]?.id ?? registry.flows()[0];
    const workflow = stepping(ground);
    const refused = new RefusedOrigins(ground.now);
    hearRefused(log, refused, ground.signal); // Of processes that are proxies alone.
    const visitors = new Visitors(ground, { pictures: studio.pictures, refused, defaultFlow: () => defaultFlow });
    const { proxy, http } = visitors;

    const together = config.adminPort === undefined;
    const admin = side.http(() => (together ? undefined : url), refused);
    const apps = [httpApp({ ...http, visitors: true, studio: together ? admin : undefined })];
    if (!together) apps.push(httpApp({ ...http, visitors: false, studio: admin }));
    const server = ground.server(apps[0]!, (request, socket, head) => {
      const to = together && side.answers(request) ? side : proxy;
      to.upgrade(request, socket, head);
    });
    await workflow.start(ground.signal);
    await visitors.start();
    await side.start();
    const port = await ground.listen(server, config.port);
    const adminPort = together ? port : await ground.listen(side.server(apps[1]!), config.adminPort);
    side.follow();
    ground.started();

    const url = config.publicUrl?.href ?? ground.address(port);
    return {
      ...{ log, registry, metrics, projections, whatIfs, apps, url, defaultFlow },
      studio: studio.store,
      previews: studio.previews,
      ports: { visitors: port, studio: adminPort },
      studioUrl: side.address(adminPort),
      wsUrl: url.replace(/^http/, "ws"),
      drain: () => ground.drain(),
    };
  } catch (error) {
    await ground.close();
    throw error;
  }
}
