import { pipeline } from "node:stream/promises";
import { API, type Operation, type Route } from "@parley/shared/api/contract";
import { CONVERSATION_ID } from "@parley/shared/api/conversations";
import { FlowId, TestName } from "@parley/shared/api/flows";
import { type NextFunction, type Request, type Response, Router } from "express";
import { Value } from "typebox/value";
import { addressKey } from "../proxy/address-book.js";
import { Refusal } from "../studio/refusal.js";
import { IDLE_MS } from "../studio/sessions.js";
import { cookieHeader, type SiteConfig, sessionCookie } from "../studio/site.js";
import type { StudioStore } from "../studio/store.js";
import { readBody } from "./body.js";
import { enter, nameOf } from "./gate.js";
import type { Context, Handler, Handlers, Reply, Streamed } from "./handler.js";

export type RouterOptions = {
  readonly site: SiteConfig;
  readonly store: StudioStore;
  readonly handlers: Handlers;
  /** There is no room for anything that stays. */
  readonly full: () => boolean;
};

/** What adds to the studio's file: refused while the disk has little room, unlike what takes away and what people say. */
const ADDS: ReadonlySet<Route> = new Set<Route>([
  "POST /api/flows",
  "PATCH /api/flows/{flow}",
  "POST /api/flows/{flow}/duplicate",
  "PUT /api/flows/{flow}/draft",
  "PUT /api/flows/{flow}/tests/{test}",
  "POST /api/flows/{flow}/pictures",
  "POST /api/profile/pictures",
  "POST /api/flows/{flow}/links",
  "POST /api/shared/comments",
  "POST /api/shared/conversations",
]);

const METHODS = { GET: "get", POST: "post", PUT: "put", PATCH: "patch", DELETE: "delete" } as const;
type Method = keyof typeof METHODS;

/** What each name in a path looks like; anything else is not found. */
const PARAMETERS: Readonly<Record<string, (value: string) => boolean>> = {
  flow: (value) => Value.Check(FlowId, value),
  test: (value) => Value.Check(TestName, value),
  state: (value) => /^[1-9]\d{0,9}$/.test(value),
  version: (value) => /^u?[1-9]\d{0,9}$/.test(value),
  template: (value) => Value.Check(FlowId, value),
  preview: (value) => /^[0-9a-f]{16}$/.test(value),
  conversation: (value) => CONVERSATION_ID.test(value),
  queue: (value) => /^[\w-]{1,64}$/.test(value),
  user: (value) => /^[\w-]{1,64}$/.test(value),
  token: (value) => /^[\w-]{1,64}$/.test(value),
  link: (value) => /^[\w-]{1,64}$/.test(value),
  sent: (value) => /^[\w-]{1,64}$/.test(value),
  note: (value) => /^[\w-]{1,64}$/.test(value),
  reply: (value) => /^[\w-]{1,64}$/.test(value),
  webhook: (value) => /^[\w-]{1,64}$/.test(value),
};

/** The routes of the contract, and closed doors for everything else under `/api`. */
export function apiRouter(options: RouterOptions): Router {
  // A path is one spelling: another case or a slash more is another path, and there is none.
  const router = Router({ caseSensitive: true, strict: true });
  router.use("/api", (_request, response, next) => {
    response.set("Cache-Control", "no-store");
    next();
  });
  const allowed = new Map<string, Method[]>();
  for (const [route, operation] of Object.entries(API) as [Route, Operation][]) {
    const [method, template] = route.split(" ") as [Method, string];
    const path = template.replace(/\{(\w+)\}/g, ":$1");
    allowed.set(path, [...(allowed.get(path) ?? []), method]);
    const handler = options.handlers[route] as unknown as Handler<Route>;
    router[METHODS[method]](path, (request, response) =>
      answer(request, response, { route, operation, handler }, options),
    );
  }
  for (const [path, methods] of allowed) {
    router.all(path, (request, response) => {
      enter(request, { access: "flows:read" }, undefined, options);
      response.set("Allow", methods.join(", "));
      throw new Refusal("method-not-allowed", `This address knows ${methods.join(", ")}.`);
    });
  }
  router.use("/api", (request: Request, _response: Response, _next: NextFunction) => {
    enter(request, { access: "flows:read" }, undefined, options);
    throw new Refusal("not-found", "There is nothing at this address.");
  });
  return router;
}

async function answer(
  request: Request,
  response: Response,
  { route, operation, handler }: { route: Route; operation: Operation; handler: Handler<Route> },
  options: RouterOptions,
): Promise<void> {
  const path = request.params as Record<string, string>;
  const { who, site } = enter(request, operation, path.flow, options);
  for (const [name, value] of Object.entries(path)) {
    if (!PARAMETERS[name]?.(value)) throw new Refusal("not-found", "There is nothing at this address.");
  }
  if (ADDS.has(route) && options.full()) {
    throw new Refusal("no-space", "The server's disk is nearly full, so nothing new is saved until there is room.");
  }
  const { match, onlyNew } = readMatch(request, operation);
  const query = readQuery(request, operation);
  const body = await readBody(request, response, operation);
  if (who.kind === "person" && who.session.renewed) {
    response.append("Set-Cookie", cookieHeader(site, sessionCookie(request, site)!, IDLE_MS));
  }
  const tab = request.headers["parley-tab"];
  const author = { name: nameOf(who), ...(typeof tab === "string" && /^[\w-]{1,64}$/.test(tab) ? { tab } : {}) };
  const address = addressKey(request.ip ?? "");
  const context = { who, site, path, query, body, match, onlyNew, author, address };
  // The contract gives the types of each route; here all are handled alike.
  await send(response, operation, await handler(context as unknown as Context<Route>));
}

async function send(response: Response, { status }: Operation, { body, etag, headers }: Reply<Route>): Promise<void> {
  response.status(status);
  if (etag !== undefined) response.set("ETag", etag);
  if (headers) response.set(headers);
  if (body === undefined) response.end();
  else if ("stream" in body && "type" in body && typeof body.type === "string") {
    response.type(body.type);
    await pipeline(body.stream as Streamed["stream"], response).catch((error: unknown) => {
      // Whoever asked has gone; any other failure cuts the answer off, so that nobody takes a part for the whole.
      if ((error as { code?: unknown }).code !== "ERR_STREAM_PREMATURE_CLOSE") throw error;
    });
  } else response.type("application/json").send(isRaw(body) ? body.raw : JSON.stringify(body));
}

const isRaw = (body: object): body is { raw: string } => "raw" in body && typeof body.raw === "string";

/** @throws Refusal `match-required`: a write that does not say what it was made from could undo somebody's work */
function readMatch(request: Request, { match: wanted }: Operation): { match: string[]; onlyNew: boolean } {
  const match = (request.headers["if-match"] ?? "").match(/"[^"]*"/g) ?? [];
  const onlyNew = request.headers["if-none-match"] === "*";
  const free = wanted === undefined || wanted === "may" || (wanted === "or-new" && onlyNew);
  if (!free && match.length === 0) {
    throw new Refusal("match-required", "Say by If-Match which ETag this was made from.");
  }
  return { match: [...match], onlyNew };
}

/** @throws Refusal `invalid` */
function readQuery(request: Request, { query: wanted = {} }: Operation): Record<string, unknown> {
  const errors = Object.entries(request.query).flatMap(([name, value]) => {
    const schema = Object.hasOwn(wanted, name) ? wanted[name] : undefined;
    return schema && Value.Check(schema, value)
      ? []
      : [{ pointer: `?${name}`, message: "is not what this route takes" }];
  });
  if (errors.length > 0)
    throw new Refusal("invalid", "The address asks for what this route does not know.", { errors });
  return { ...request.query };
}
