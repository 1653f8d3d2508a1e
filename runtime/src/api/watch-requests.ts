import { randomUUID } from "node:crypto";
import type { Request, RequestHandler, Response } from "express";
import type { Logger } from "pino";
import type { Config } from "../config.js";
import type { Metrics } from "../metrics.js";
import { readTraceparent, type Tracer } from "../tracing/tracer.js";

export type WatchOptions = {
  readonly config: Pick<Config, "trustProxy">;
  readonly metrics: Metrics;
  readonly logger: Logger;
  readonly tracer?: Tracer | undefined;
  readonly newId?: () => string;
};

const METHODS = new Set(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]);

/**
 * The id of a request: that of the proxy in front, where there is one and it is short and plain, or a new one.
 * @param header `X-Request-Id`, which anybody may send
 */
export function requestIdOf(header: string | string[] | undefined, trusted: boolean, newId: () => string): string {
  return trusted && typeof header === "string" && /^[\w.-]{8,64}$/.test(header) ? header : newId();
}

/** Gives each answer its `X-Request-Id`, and measures, traces and notes each request by its route, never by its address. */
export function watchRequests({ config, metrics, logger, tracer, newId = randomUUID }: WatchOptions): RequestHandler {
  const trusted = config.trustProxy > 0;
  return function watch(request, response, next) {
    const requestId = requestIdOf(request.headers["x-request-id"], trusted, newId);
    response.set("X-Request-Id", requestId);
    const began = performance.now();
    const parent = trusted ? readTraceparent(request.headers.traceparent) : undefined;
    const span = tracer?.begin("request", { kind: "server", parent });
    response.once("close", () => {
      const { statusCode } = response;
      const method = METHODS.has(request.method) ? request.method : "other";
      const route = routeOf(request, response);
      const seconds = (performance.now() - began) / 1000;
      const code = codeOf(response);
      metrics.httpSeconds.observe({ method, route, status: `${Math.floor(statusCode / 100)}xx` }, seconds);
      if (code !== undefined) metrics.problems.inc({ code });
      span?.end({
        name: `${method} ${route}`,
        ...(statusCode >= 500 && { failed: code ?? String(statusCode) }),
        attributes: {
          ...{ "http.request.method": method, "http.route": route, "http.response.status_code": statusCode },
          ...{ "parley.request": requestId, ...(code !== undefined && { "parley.code": code }) },
        },
      });
      const ms = Math.round(seconds * 1000);
      const line = { requestId, method, route, status: statusCode, code, ms, traceId: span?.ref.traceId };
      logger.debug(line, "a request was answered");
    });
    next();
  };
}

/** The id that `watchRequests` gave, for whatever tells of the request. */
export function requestId(response: Response): string | undefined {
  const id = response.getHeader("X-Request-Id");
  return typeof id === "string" ? id : undefined;
}

/** The pattern of its route; files of one kind are `file`, what is nowhere `none`. */
function routeOf(request: Request, response: Response): string {
  const path: unknown = (request.route as { path?: unknown } | undefined)?.path;
  if (typeof path === "string") return path;
  return response.statusCode < 400 ? "file" : "none";
}

const codes = new WeakMap<Response, string>();
/** Notes the stable code of a problem that is answered. */
export const noteCode = (response: Response, code: string): void => void codes.set(response, code);
const codeOf = (response: Response): string | undefined => codes.get(response);
