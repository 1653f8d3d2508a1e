import type { Answer, Api, Body, PathParameter, Query, Route } from "@parley/shared/api/contract";
import type { Problem, ProblemCode } from "@parley/shared/api/problem";

/** `offline`: no answer came. `problem`: the server refused, with its code. */
export class ApiError extends Error {
  override name = "ApiError";
  constructor(
    readonly kind: "offline" | "problem",
    message: string,
    readonly status = 0,
    readonly code?: ProblemCode,
    readonly retryAfter?: number,
  ) {
    super(message);
  }
}

type Given<R extends Route> = {
  readonly signal?: AbortSignal;
} & ([PathParameter<R>] extends [never] ? unknown : { readonly path: Readonly<Record<PathParameter<R>, string>> }) &
  (Body<R> extends undefined ? unknown : { readonly body: Body<R> }) &
  (keyof Query<R> extends never ? unknown : { readonly query?: Query<R> }) &
  (Api[R] extends { match: "may" }
    ? { readonly etag?: string }
    : Api[R] extends { match: string }
      ? { readonly etag: string | "new" }
      : unknown);

type Answered<R extends Route> = { readonly value: Answer<R>; readonly etag: string };
export type CallApi = <R extends Route>(route: R, given: Given<R>) => Promise<Answered<R>>;

export type ApiOptions = {
  readonly fetch: typeof fetch;
  /** This tab's name, once the socket has one: it comes back in the notice of what this tab saved. */
  readonly tab: () => string | undefined;
  /** Called when the session is over. */
  readonly signedOut: () => void;
};

/**
 * The server's HTTP interface, typed by its contract.
 * @returns a function that rejects with `ApiError` only (and with the signal's reason when that ends it)
 */
export function createApi({ fetch, tab, signedOut }: ApiOptions): CallApi {
  return async (route, given) => {
    const { method, url, init } = request(route, given as Loose, tab());
    const response = await fetch(url, { ...init, method }).catch((error: unknown) => {
      if (given.signal?.aborted) throw error;
      throw new ApiError("offline", "The server cannot be reached.");
    });
    if (!response.ok) {
      const error = await readProblem(response);
      if (error.code === "not-signed-in") signedOut();
      throw error;
    }
    const value = response.status === 204 ? undefined : await readJson(response);
    return { value, etag: response.headers.get("etag") ?? "" } as Answered<typeof route>;
  };
}

type Loose = {
  readonly signal?: AbortSignal;
  readonly path?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  readonly query?: Readonly<Record<string, unknown>>;
  readonly etag?: string;
};

function request(route: string, given: Loose, tab: string | undefined) {
  const [method = "GET", template = ""] = route.split(" ");
  const path = template.replace(/\{(\w+)\}/g, (_whole, name: string) => encodeURIComponent(given.path?.[name] ?? ""));
  const query = new URLSearchParams(Object.entries(given.query ?? {}).map(([name, value]) => [name, String(value)]));
  const headers: Record<string, string> = { accept: "application/json" };
  if (given.body !== undefined) headers["content-type"] = "application/json";
  if (given.etag === "new") headers["if-none-match"] = "*";
  else if (given.etag !== undefined) headers["if-match"] = given.etag;
  if (method !== "GET" && tab !== undefined) headers["parley-tab"] = tab;
  const init: RequestInit = { headers, credentials: "same-origin", cache: "no-store" };
  if (given.body !== undefined) init.body = JSON.stringify(given.body);
  if (given.signal) init.signal = given.signal;
  return { method, url: query.size > 0 ? `${path}?${query}` : path, init };
}

async function readProblem(response: Response): Promise<ApiError> {
  const problem = (await response.json().catch(() => undefined)) as Partial<Problem> | undefined;
  // A proxy in front of a server that is away answers by itself, with no problem of ours.
  if (problem?.code === undefined && [502, 503, 504].includes(response.status))
    return new ApiError("offline", "The server cannot be reached.", response.status);
  const title = problem?.title ?? `The server answered with status ${response.status}.`;
  return new ApiError("problem", title, response.status, problem?.code as ProblemCode, problem?.retryAfter);
}

async function readJson(response: Response): Promise<unknown> {
  return response.json().catch(() => {
    throw new ApiError("problem", "The server's answer could not be read. Load the page again.", response.status);
  });
}
