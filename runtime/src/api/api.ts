import type { Router } from "express";
import type { Registry } from "../registry/registry.js";
import type { StudioEvents } from "../studio/events.js";
import { Flows } from "../studio/flows.js";
import type { SiteConfig } from "../studio/site.js";
import type { StudioStore } from "../studio/store.js";
import { Templates } from "../studio/templates.js";
import { openApiDocument } from "./openapi.js";
import { apiRouter } from "./router.js";
import { accessRoutes } from "./routes/access.js";
import { flowRoutes } from "./routes/flows.js";
import { sessionRoutes } from "./routes/session.js";
import { testRoutes } from "./routes/tests.js";
import { versionRoutes } from "./routes/versions.js";

export type ApiOptions = {
  readonly site: SiteConfig;
  readonly store: StudioStore;
  readonly registry: Registry;
  readonly events: StudioEvents;
  /** The names of the served files by the id of their flow. */
  readonly files: ReadonlyMap<string, string>;
  readonly now: () => number;
};

/** Everything under `/api`: the routes of the contract, each with its handler. */
export function studioApi(options: ApiOptions): Router {
  const { site, store, registry, events, now } = options;
  const templates = new Templates();
  const flows = new Flows({ ...options, templates });
  const document = JSON.stringify(openApiDocument());
  return apiRouter({
    site,
    store,
    handlers: {
      "GET /api/openapi.json": () => ({ body: { raw: document } }),
      ...sessionRoutes(store, events, now),
      ...flowRoutes(flows, store, templates),
      ...testRoutes(flows, store, now),
      ...versionRoutes(flows, store, registry),
      ...accessRoutes(store, events, now),
    },
  });
}
