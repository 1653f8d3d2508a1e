import type { Router } from "express";
import { AskedWords } from "../conversations/asked.js";
import type { Eraser } from "../conversations/eraser.js";
import type { EventLog } from "../log/event-log.js";
import type { Answering } from "../operators/answering.js";
import { OperatorDesk } from "../operators/desk.js";
import type { Previews } from "../preview/previews.js";
import type { ConversationReader } from "../projection/reading.js";
import type { RefusedOrigins } from "../proxy/refused-origins.js";
import type { Registry } from "../registry/registry.js";
import { Readers } from "../sharing/readers.js";
import type { StudioEvents } from "../studio/events.js";
import { Flows } from "../studio/flows.js";
import type { PictureShelf } from "../studio/picture-shelf.js";
import { Publisher } from "../studio/publish.js";
import type { SiteConfig } from "../studio/site.js";
import type { StudioStore } from "../studio/store.js";
import { Templates } from "../studio/templates.js";
import type { Webhooks } from "../webhooks/webhooks.js";
import type { WhatIfs } from "../what-if/what-ifs.js";
import { openApiDocument } from "./openapi.js";
import { apiRouter } from "./router.js";
import { accessRoutes } from "./routes/access.js";
import { conversationRoutes } from "./routes/conversations.js";
import { flowRoutes } from "./routes/flows.js";
import { inboxRoutes } from "./routes/inbox.js";
import { linkRoutes } from "./routes/links.js";
import { pictureRoutes } from "./routes/pictures.js";
import { previewRoutes } from "./routes/previews.js";
import { sessionRoutes } from "./routes/session.js";
import { sharedRoutes } from "./routes/shared.js";
import { supportRoutes } from "./routes/support.js";
import { testRoutes } from "./routes/tests.js";
import { versionRoutes } from "./routes/versions.js";
import { webhookRoutes } from "./routes/webhooks.js";
import { whatIfRoutes } from "./routes/what-if.js";

export type ApiOptions = {
  readonly site: SiteConfig;
  readonly store: StudioStore;
  readonly registry: Registry;
  readonly events: StudioEvents;
  readonly previews: Previews;
  readonly pictures: PictureShelf;
  readonly log: Pick<EventLog, "read" | "append" | "follow">;
  readonly reader: ConversationReader;
  /** The share of the log that the reader's lists are made of so far; undefined: all of it. */
  readonly catchingUp: () => number | undefined;
  readonly eraser: Eraser;
  readonly refused: RefusedOrigins;
  readonly whatIfs: WhatIfs;
  readonly webhooks: Webhooks;
  readonly answering: Answering;
  /** Where visitors are, when that is not where the studio is. */
  readonly visitors: () => string | undefined;
  /** The names of the served files by the id of their flow. */
  readonly files: ReadonlyMap<string, string>;
  /** There is too little room on the disk for anything that stays. */
  readonly full: () => boolean;
  readonly now: () => number;
};

/** Everything under `/api`: the routes of the contract, each with its handler. */
export function studioApi(options: ApiOptions): Router {
  const { site, store, registry, events, full, now } = options;
  const templates = new Templates();
  const flows = new Flows({ ...options, templates });
  const publisher = new Publisher({ ...options, flows });
  const document = JSON.stringify(openApiDocument());
  return apiRouter({
    site,
    store,
    full,
    handlers: {
      "GET /api/openapi.json": () => ({ body: { raw: document } }),
      ...sessionRoutes(store, events, now),
      ...flowRoutes(flows, store, templates),
      ...testRoutes(flows, store, now),
      ...pictureRoutes({ ...options, flows, shelf: options.pictures }),
      ...linkRoutes({ ...options, flows }),
      ...sharedRoutes(new Readers({ ...options, flows })),
      ...previewRoutes({ ...options, flows, templates }),
      ...whatIfRoutes({ ...options, flows }),
      ...versionRoutes({ ...options, flows, publisher, conversations: options.reader }),
      ...conversationRoutes({ ...options, flows, words: new AskedWords(registry), desk: new OperatorDesk(options) }),
      ...inboxRoutes(options),
      ...accessRoutes(store, events, now),
      ...supportRoutes({ ...options, flows }),
      ...webhookRoutes(options),
    },
  });
}
