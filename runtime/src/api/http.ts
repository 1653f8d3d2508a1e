import { timingSafeEqual } from "node:crypto";
import { fileURLToPath } from "node:url";
import { LayoutSchema } from "@parley/shared/flow/layout";
import { FlowSchema } from "@parley/shared/flow/schema";
import { SettingsSchema } from "@parley/shared/flow/settings";
import { FramesSchema } from "@parley/shared/protocol/schema";
import { ScenarioSchema } from "@parley/shared/scenario/scenario";
import express, { type NextFunction, type Request, type Response } from "express";
import type { Logger } from "pino";
import { type Config, isLoopback } from "../config.js";
import type { DiskHealth } from "../free-space.js";
import type { Health } from "../log/event-log.js";
import type { Metrics } from "../metrics.js";
import { everyAnswer, type Kind, setPolicy } from "../policies.js";
import { hostAllowed } from "../proxy/admission.js";
import type { RefusedOrigins } from "../proxy/refused-origins.js";
import type { Registry } from "../registry/registry.js";
import type { SessionKeys } from "../sealing/keys.js";
import { Refusal } from "../studio/refusal.js";
import type { Tracer } from "../tracing/tracer.js";
import { type ApiOptions, studioApi } from "./api.js";
import { bodyRefusal } from "./body.js";
import { studioPages } from "./pages.js";
import { type PictureSource, pictureFiles } from "./picture-files.js";
import { previewPage } from "./preview-page.js";
import { problem, refuse, storeRefusal } from "./problem.js";
import { publicPages } from "./public-page.js";
import { sessionKeys } from "./session-keys.js";
import { requestId, watchRequests } from "./watch-requests.js";
import { widgetFiles } from "./widget-files.js";

export type HttpOptions = {
  readonly config: Config;
  readonly registry: Registry;
  readonly metrics: Metrics;
  readonly logger: Logger;
  readonly tracer?: Tracer | undefined;
  readonly state: () => { started: boolean; draining: boolean };
  readonly health: () => Health;
  /** Undefined: nothing is kept on a disk. */
  readonly disk: () => DiskHealth | undefined;
  readonly defaultFlow: () => string | undefined;
  /** Absent: another port has the studio, the interface and the metrics, and this one answers 404 there. */
  readonly studio: Omit<ApiOptions, "registry"> | undefined;
  /** Whether the metrics are here also without the studio: no other port of this process has them. */
  readonly measured?: boolean;
  readonly pictures: PictureSource;
  /** Keys of sessions that the other processes of a cluster get where the studio is, and by which token. */
  readonly keys?: { readonly of: SessionKeys; readonly token: string };
  /** Told of the sites that the widget asked for in vain. */
  readonly refused?: Pick<RefusedOrigins, "note">;
  /** Folder of the widget's parts of earlier versions, if there is a data folder. */
  readonly kept?: string | undefined;
  /** Whether visitors come here: widget, demo page. */
  readonly visitors: boolean;
};

const DIST = fileURLToPath(new URL("../../../widget/dist/", import.meta.url));

/** Published at `/schema/<name>-1.json`. */
const SCHEMAS = {
  flow: FlowSchema,
  settings: SettingsSchema,
  layout: LayoutSchema,
  frames: FramesSchema,
  scenario: ScenarioSchema,
};

/** Everything that is answered over HTTP: health, metrics, the studio, the widget's files, the flows' pages, schemas, the demo page. */
export function httpApp(options: HttpOptions): express.Express {
  const { config, registry } = options;
  const app = express();
  app.disable("x-powered-by");
  app.set("trust proxy", config.trustProxy);
  app.set("case sensitive routing", true);
  // Those of drafts and tests are made by hand, and no other answer has one.
  app.set("etag", false);

  app.use(everyAnswer, answers("data"));
  app.use(watchRequests(options));
  addHealth(app, options);
  // Visitors and the studio show the same ones, each from where it is. They are anybody's, so by whatever name: a proxy asks
  // the studio by the one that it has among the servers.
  app.use(pictureFiles(options.pictures));
  // By the name that the studio has among the servers, too.
  if (options.studio && options.keys) app.use(sessionKeys(options.keys.of, options.keys.token));
  app.use((request, response, next) => {
    if (hostAllowed(request.headers.host, config)) return next();
    problem(response, 421, "wrong-host", "This server is not known by that name. Set PUBLIC_URL to it.");
  });

  if (options.studio || options.measured) addMetrics(app, options);
  if (options.studio) {
    app.use(studioApi({ registry, ...options.studio }));
    app.use(previewPage(options.studio.site));
    app.use(studioPages());
  }
  if (options.visitors) addVisitorPages(app, options);

  app.use((_request, response) => problem(response, 404, "not-found", "There is nothing at this address."));
  app.use((error: unknown, _request: Request, response: Response, next: NextFunction) => {
    if (response.headersSent) return next(error);
    const refusal = error instanceof Refusal ? error : (bodyRefusal(error) ?? storeRefusal(error));
    const id = requestId(response);
    if (refusal?.code === "not-stored") {
      options.logger.error({ err: error, requestId: id }, "what was asked for could not be stored");
      const { message, extra } = refusal;
      return refuse(response, new Refusal("not-stored", `${message} It is in the log under ${id}.`, extra));
    }
    if (refusal) return refuse(response, refusal);
    const status = Number((error as { status?: unknown }).status);
    if (status === 404) return problem(response, 404, "not-found", "There is nothing at this address.");
    if (status >= 400 && status < 500) return problem(response, status, "bad-request", "The request cannot be read.");
    options.logger.error({ err: error, requestId: id }, "a request failed");
    problem(response, 500, "internal", `The server failed to answer. It is in the log under ${id}.`);
  });
  return app;
}

/** What a process without visitors and studio answers: health and metrics. */
export function healthApp(
  options: Pick<HttpOptions, "config" | "metrics" | "logger" | "tracer" | "state" | "health" | "disk">,
): express.Express {
  const app = express();
  app.disable("x-powered-by");
  app.set("etag", false);
  app.use(everyAnswer, answers("data"));
  app.use(watchRequests(options));
  addHealth(app, options);
  addMetrics(app, options);
  app.use((_request, response) => problem(response, 404, "not-found", "There is nothing at this address."));
  return app;
}

/** From here on it is an answer of this kind. */
const answers =
  (kind: Exclude<Kind, "studio" | "preview" | "conversation">) =>
  (_request: Request, response: Response, next: NextFunction): void => {
    setPolicy(response, kind);
    next();
  };

function addHealth(app: express.Express, options: Pick<HttpOptions, "state" | "health" | "disk">): void {
  app.get("/healthz", (_request, response) => void response.json({ ok: true }));
  app.get("/readyz", (_request, response) => {
    const { started, draining } = options.state();
    const ready = started && !draining;
    response.status(ready ? 200 : 503).json({ ready, started, draining, log: options.health(), disk: options.disk() });
  });
}

function addMetrics(
  app: express.Express,
  { config, metrics, health }: Pick<HttpOptions, "config" | "metrics" | "health">,
): void {
  app.get("/metrics", async (request, response) => {
    if (!metricsAllowed(request, config)) {
      response.set("WWW-Authenticate", "Bearer");
      return problem(response, 401, "unauthorized", "Send the METRICS_TOKEN as a bearer token.");
    }
    const { queued, ok } = health();
    metrics.queued.set(queued);
    metrics.logOk.set(ok ? 1 : 0);
    response.type(metrics.registry.contentType).send(await metrics.text());
  });
}

function addVisitorPages(app: express.Express, { config, registry, refused, defaultFlow, kept }: HttpOptions): void {
  app.use(widgetFiles({ config, registry, kept, ...(refused && { refused }) }));
  app.use(publicPages({ config, registry }));
  for (const [name, schema] of Object.entries(SCHEMAS)) {
    const published = { $schema: "http://json-schema.org/draft-07/schema#", ...schema };
    app.get(`/schema/${name}-1.json`, answers("everybodys"), (_request, response) => void response.json(published));
  }

  app.get("/demo/flows.json", (request, response) => {
    const flows = registry.flows().flatMap((id) => {
      const live = registry.live(id);
      return live ? [{ id, title: live.settings.title ?? id }] : [];
    });
    const ws = new URL(config.publicUrl ?? `http://${request.headers.host}`);
    ws.protocol = ws.protocol === "https:" ? "wss:" : "ws:";
    response.json({ flows, default: defaultFlow(), ws: ws.href });
  });
  app.get("/", answers("demo"), (_request, response) => response.sendFile("index.html", { root: `${DIST}demo` }));
  app.use("/demo", express.static(`${DIST}demo`, { index: false, redirect: false, maxAge: 0 }));
}

/** With a token only by it; without one only from this machine, and not through a proxy. */
function metricsAllowed(request: Request, config: Config): boolean {
  if (config.metricsToken === undefined) {
    const forwarded = Object.keys(request.headers).some((name) => /^(x-)?forwarded|^via$|^x-real-ip$/.test(name));
    return isLoopback(config.host) && !forwarded;
  }
  const given = Buffer.from(request.headers.authorization ?? "");
  const wanted = Buffer.from(`Bearer ${config.metricsToken}`);
  return given.length === wanted.length && timingSafeEqual(given, wanted);
}
