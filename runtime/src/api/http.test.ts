import { readFileSync } from "node:fs";
import { createServer, type IncomingHttpHeaders, request } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { pino } from "pino";
import { afterEach, describe, expect, it } from "vitest";
import { readConfig } from "../config.js";
import { createMemoryLog } from "../log/memory.js";
import { createMetrics } from "../metrics.js";
import { RefusedOrigins } from "../proxy/refused-origins.js";
import { Registry } from "../registry/registry.js";
import type { Runtime } from "../runtime.js";
import { PAGES, TABLE } from "../testing/access-table.js";
import { CommitFaults } from "../testing/faults.js";
import { sidOf, text } from "../testing/records.js";
import { FLOWS, serve } from "../testing/server.js";
import { httpApp } from "./http.js";

const cleanup: (() => unknown)[] = [];
afterEach(async () => {
  for (const step of cleanup.splice(0).reverse()) await step();
});

const faults = new CommitFaults();
async function start(env: Record<string, string> = {}, argv?: string[]): Promise<Runtime> {
  const log = createMemoryLog({ partitions: 1, beforeCommit: faults.beforeCommit });
  const runtime = await serve(log, { env, ...(argv && { argv }) });
  cleanup.push(() => runtime.drain());
  return runtime;
}
/** What answers HTTP, without the rest of a server. */
async function standIn(
  env: Record<string, string>,
  state = { started: true, draining: false },
): Promise<{ url: string }> {
  const log = createMemoryLog({ partitions: 1 });
  const logger = pino({ level: "silent" });
  const app = httpApp({
    config: readConfig([], env),
    registry: new Registry(log, logger),
    metrics: createMetrics(),
    logger,
    state: () => state,
    health: () => log.health(),
    disk: () => undefined,
    defaultFlow: () => undefined,
    studio: undefined,
    pictures: { bytes: () => undefined },
    refused: new RefusedOrigins(Date.now),
    visitors: true,
  });
  const server = createServer(app);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  cleanup.push(() => server.close());
  return { url: `http://localhost:${(server.address() as AddressInfo).port}/` };
}
type Answer = { status: number; headers: IncomingHttpHeaders; text: string; json: () => Record<string, unknown> };
function ask(
  runtime: { url: string },
  path: string,
  headers: Record<string, string> = {},
  method = "GET",
): Promise<Answer> {
  const { port } = new URL(runtime.url);
  return new Promise((resolve, reject) => {
    const asked = request({ host: "127.0.0.1", port, path, method, headers }, (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("end", () => {
        const body = Buffer.concat(chunks).toString();
        const json = () => JSON.parse(body) as Record<string, unknown>;
        resolve({ status: response.statusCode ?? 0, headers: response.headers, text: body, json });
      });
    });
    asked.on("error", reject);
    asked.end();
  });
}
const expectProblem = (answer: Answer, status: number, code: string): void => {
  expect(answer.status).toBe(status);
  expect(answer.headers["content-type"]).toMatch(/^application\/problem\+json/);
  const requestId = answer.headers["x-request-id"];
  expect(requestId).toMatch(/^[\w-]{36}$/);
  expect(answer.json()).toEqual({ type: "about:blank", title: expect.stringMatching(/\.$/), status, code, requestId });
};

describe("health", () => {
  it("/healthz says that the process lives, /readyz what it can do, with the state of the log", async () => {
    const runtime = await start();
    const live = await ask(runtime, "/healthz", { Host: "balancer.example" });
    expect([live.status, live.json()]).toEqual([200, { ok: true }]);
    const ready = await ask(runtime, "/readyz", { Host: "balancer.example" });
    const log = { ok: true, queued: 0 };
    expect([ready.status, ready.json()]).toEqual([200, { ready: true, started: true, draining: false, log }]);
    faults.fail();
    await expect(runtime.log.append([text(sidOf(0), "1")])).rejects.toThrow();
    const away = await ask(runtime, "/readyz");
    expect([away.status, away.json().log]).toEqual([200, { ok: false, problem: "The disk is away.", queued: 0 }]);
  });

  it("[P9] /readyz is 503 before the start and from the moment a drain begins", async () => {
    const state = { started: false, draining: false };
    const server = await standIn({}, state);
    expect((await ask(server, "/readyz")).json()).toMatchObject({ ready: false, started: false });
    state.started = true;
    expect((await ask(server, "/readyz")).status).toBe(200);
    state.draining = true;
    const draining = await ask(server, "/readyz");
    expect([draining.status, draining.json().draining]).toEqual([503, true]);
    expect((await ask(server, "/healthz")).status).toBe(200);
  });
});

describe("/metrics", () => {
  it("without a token answers to this machine only, and not through a proxy", async () => {
    const runtime = await start();
    const answer = await ask(runtime, "/metrics");
    expect([answer.status, answer.headers["content-type"]]).toEqual([200, expect.stringContaining("text/plain")]);
    expect(answer.text).toMatch(/^parley_log_ok 1$/m);
    for (const name of ["X-Forwarded-For", "X-Forwarded-Proto", "Forwarded", "Via", "X-Real-IP", "X-Forwarded-Host"]) {
      const refused = await ask(runtime, "/metrics", { [name]: "1.2.3.4" });
      expectProblem(refused, 401, "unauthorized");
      expect(refused.headers["www-authenticate"]).toBe("Bearer");
      expect(refused.text).not.toContain("parley_");
    }
    const open = await start({ HOST: "0.0.0.0" });
    expectProblem(await ask(open, "/metrics"), 401, "unauthorized");
  });

  it("with a token answers to that token only, from anywhere", async () => {
    const runtime = await start({ METRICS_TOKEN: "the-token", HOST: "0.0.0.0" });
    const with_ = (authorization: string) => ask(runtime, "/metrics", { Authorization: authorization, Via: "1.1 x" });
    expect((await with_("Bearer the-token")).status).toBe(200);
    for (const wrong of [
      "",
      "Bearer",
      "Bearer the-toke",
      "Bearer the-token2",
      "Bearer THE-TOKEN",
      "Basic dGhlLXRva2Vu",
      "the-token",
    ]) {
      expectProblem(await with_(wrong), 401, "unauthorized");
    }
    expectProblem(await ask(runtime, "/metrics?token=the-token"), 401, "unauthorized");
  });

  it("cannot be had by another way of writing its address", async () => {
    const runtime = await start({ METRICS_TOKEN: "the-token" });
    for (const path of [
      "/METRICS",
      "//metrics",
      "/metrics%2f",
      "/%6Detrics",
      "/./metrics",
      "/metrics/",
      "/metrics;x",
    ]) {
      const answer = await ask(runtime, path);
      expect([401, 404], path).toContain(answer.status);
      expect(answer.text, path).not.toContain("parley_");
    }
  });
});

describe("what the server offers to pages", () => {
  it.each(["flow", "settings", "layout", "frames"])(
    "/schema/%s-1.json is the published schema, for every site",
    async (name) => {
      const answer = await ask(await start(), `/schema/${name}-1.json`, { Origin: "https://editor.example" });
      const file = readFileSync(new URL(`../../../shared/schema/${name}-1.json`, import.meta.url), "utf8");
      expect(answer.json()).toEqual(JSON.parse(file));
      expect(answer.headers["content-type"]).toMatch(/^application\/json/);
      expect(answer.headers["access-control-allow-origin"]).toBe("*");
      expect(answer.json().$id).toBe(`https://parley.dev/schema/${name}-1.json`);
    },
  );

  it("another site may read the widget's files, pictures and the schemas, and nothing else of the server", async () => {
    const runtime = await start();
    const paths = [...PAGES, ...Object.keys(TABLE)].map((route) =>
      route
        .slice(route.indexOf(" ") + 1)
        .replace("{/*path}", "")
        .replace("{flow}", "bot-assistant")
        .replace(/\{\w+\}/g, "x"),
    );
    const open = new Set<string>();
    for (const path of new Set(paths)) {
      for (const method of ["GET", "OPTIONS"]) {
        const asks = { Origin: "https://evil.example", "Access-Control-Request-Method": "PUT" };
        const { headers } = await ask(runtime, path, asks, method);
        const allows = Object.keys(headers).filter((name) => name.startsWith("access-control-"));
        if (allows.length === 0) continue;
        // Without cookies, and by GET alone.
        expect([allows, headers["access-control-allow-origin"]], path).toEqual([["access-control-allow-origin"], "*"]);
        open.add(path);
      }
    }
    expect([...open].filter((path) => !/^\/(widget[./]|assets\/|schema\/)/.test(path))).toEqual([]);
    expect([...open]).toEqual(expect.arrayContaining(["/widget.js", "/widget/v1/bot-assistant.json"]));
  });

  it("/demo/flows.json names the flows, the default one and where the websocket is", async () => {
    const argv = ["bot-assistant", "faq"].map((name) => join(FLOWS, `${name}.json`));
    const runtime = await start({}, argv);
    const { port } = new URL(runtime.url);
    const answer = (await ask(runtime, "/demo/flows.json", { Host: `localhost:${port}` })).json();
    expect(answer).toMatchObject({ default: "bot-assistant", ws: `ws://localhost:${port}/` });
    expect((answer.flows as { id: string }[]).map(({ id }) => id)).toEqual(["bot-assistant", "faq"]);
    const behind = await standIn({ PUBLIC_URL: "https://bots.example" });
    const there = await ask(behind, "/demo/flows.json", { Host: "bots.example" });
    expect(there.json()).toEqual({ flows: [], ws: "wss://bots.example/" });
  });
});

describe("what is refused", () => {
  it("is a problem with a stable code", async () => {
    const runtime = await start();
    expectProblem(await ask(runtime, "/nothing"), 404, "not-found");
    expectProblem(await ask(runtime, "/widget/nothing.js"), 404, "not-found");
    expectProblem(await ask(runtime, "/schema/flow-2.json"), 404, "not-found");
    expectProblem(await ask(runtime, "/nothing", {}, "POST"), 404, "not-found");
    expectProblem(await ask(runtime, "/widget/%E0%A4%A"), 404, "not-found");
    expectProblem(await ask(runtime, "/", { Host: "evil.example" }), 421, "wrong-host");
    expectProblem(await ask(runtime, "/demo/flows.json", { Host: "localhost:99999" }), 421, "wrong-host");
  });

  // Elsewhere files were read and written by their names: CVE-2026-21858, CVE-2025-26319, CVE-2025-71333, CVE-2026-48768,
  // CVE-2021-3223, GHSA-m33v-338h-4v9f.
  it("[P15] [file traversal] is every way out of the folders that it serves", async () => {
    const runtime = await start();
    for (const folder of ["/widget", "/demo", "/assets", "/studio/assets", "/preview", "/schema", "/c"]) {
      for (const way of ["../", "..%2f", "%2e%2e/", "%2e%2e%2f", "..%5c", "....//", "%00", ".git/", "..;/"]) {
        for (const file of ["package.json", "../package.json", "../../package.json", "../../../../etc/passwd"]) {
          const answer = await ask(runtime, `${folder}/${way}${file}`);
          expect([400, 403, 404], `${way}${file}`).toContain(answer.status);
          expect(answer.text).not.toMatch(/"name"|root:/);
        }
      }
    }
  });
});
