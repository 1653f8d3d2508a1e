import { describe, expect, it } from "vitest";
import { type ApiError, createApi } from "./api.js";

type Sent = { url: string; init: RequestInit };

function server(answer: () => Promise<Response> | Response) {
  const sent: Sent[] = [];
  let signedOut = 0;
  const api = createApi({
    fetch: async (url, init) => {
      sent.push({ url: String(url), init: init ?? {} });
      return answer();
    },
    tab: () => "t1",
    signedOut: () => {
      signedOut += 1;
    },
  });
  return { api, sent, signedOut: () => signedOut };
}
const json = (status: number, body: unknown, headers = {}) => Response.json(body, { status, headers });

describe("the client", () => {
  it("names path, query, body, tab and ETag", async () => {
    const { api, sent } = server(() => json(200, { state: 1, etag: '"b"', at: "" }, { etag: '"b"' }));
    const body = { flow: {}, layout: {}, settings: {} };
    const { etag } = await api("PUT /api/flows/{flow}/draft", { path: { flow: "a b" }, etag: '"a"', body });
    expect(etag).toBe('"b"');
    expect(sent[0]!.url).toBe("/api/flows/a%20b/draft");
    expect(sent[0]!.init).toMatchObject({ method: "PUT", body: JSON.stringify(body), credentials: "same-origin" });
    expect(sent[0]!.init.headers).toEqual({
      accept: "application/json",
      "content-type": "application/json",
      "if-match": '"a"',
      "parley-tab": "t1",
    });
    await api("GET /api/flows", { query: { archived: "yes" } });
    expect(sent[1]!.url).toBe("/api/flows?archived=yes");
  });

  it("an answer without a body has no value", async () => {
    const { api } = server(() => new Response(null, { status: 204 }));
    expect((await api("DELETE /api/session", {})).value).toBeUndefined();
  });

  const failure = (answer: () => Promise<Response> | Response) =>
    server(answer)
      .api("GET /api/flows", {})
      .then(
        () => undefined,
        (error: ApiError) => error,
      );

  it("a refusal has the server's sentence and code", async () => {
    const error = await failure(() => json(429, { title: "Too many.", code: "too-many-requests", retryAfter: 7 }));
    expect(error).toMatchObject({ kind: "problem", message: "Too many.", status: 429, retryAfter: 7 });
  });

  it.each([
    ["no answer", () => Promise.reject(new TypeError("Failed to fetch"))],
    ["a proxy's own answer", () => new Response("<html>", { status: 502 })],
  ])("%s is offline", async (_what, answer) => {
    expect(await failure(answer)).toMatchObject({ kind: "offline" });
  });

  it("an answer that is no JSON is said to be so", async () => {
    expect(await failure(() => new Response("<html>"))).toMatchObject({
      kind: "problem",
      message: /could not be read/,
    });
  });

  it("the end of the session is told, a wrong password is none", async () => {
    const ended = server(() => json(401, { title: "Sign in.", code: "not-signed-in" }));
    await expect(ended.api("GET /api/flows", {})).rejects.toThrow("Sign in.");
    expect(ended.signedOut()).toBe(1);
    const wrong = server(() => json(401, { title: "Wrong.", code: "wrong-login" }));
    await expect(wrong.api("POST /api/session", { body: { secret: "x" } })).rejects.toThrow("Wrong.");
    expect(wrong.signedOut()).toBe(0);
  });

  it("what was cancelled rejects with the reason of the signal, not as offline", async () => {
    const abort = new AbortController();
    const { api } = server(() => {
      abort.abort(new Error("left"));
      return Promise.reject(abort.signal.reason);
    });
    await expect(api("GET /api/flows", { signal: abort.signal })).rejects.toThrow("left");
  });
});
