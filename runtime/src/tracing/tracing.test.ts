import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { clientId } from "@parley/shared/record";
import { pino } from "pino";
import { afterEach, expect, it, vi } from "vitest";
import { readConfig } from "../config.js";
import { createMemoryLog } from "../log/memory.js";
import { natsAddress } from "../log/nats/address.js";
import { Link } from "../log/nats/link.js";
import { makeStreams } from "../log/nats/setup.js";
import { createNode } from "../node.js";
import { createRuntime } from "../runtime.js";
import { choose, V1Client } from "../testing/clients.js";
import { startCollector } from "../testing/collector.js";
import { eventually } from "../testing/eventually.js";
import { startNatsServer } from "../testing/nats-server.js";
import { startServer } from "../testing/process.js";
import { FLOWS, scratch } from "../testing/server.js";
import { openTracer } from "./otlp-tracer.js";
import { messageSpan } from "./tracer.js";

const cleanup: (() => unknown)[] = [];
afterEach(async () => {
  for (const step of cleanup.splice(0).reverse()) await step();
});
const FLOW = join(FLOWS, "bot-assistant.json");

/** Gives the first answer that the bot asks for, under this id; resolves when the bot has said what it leads to. */
async function answerOnce(wsUrl: string, id: string): Promise<V1Client> {
  const client = await V1Client.connect(wsUrl);
  const asked = () => client.messages.map(({ message }) => message).find(({ kind }) => kind === "ChoiceRequest");
  const question = await client.until(asked, "a question");
  if (question.kind !== "ChoiceRequest") throw new Error("no question");
  await client.send(choose(question.groupId, question.choices[0]!.itemId), { id });
  await client.until(() => client.all.find((frame) => frame.kind === "Turn" && frame.of === id), "the turn");
  return client;
}

it("a message is one trace, over a proxy and a workflow that share nothing but the log", async () => {
  const nats = await startNatsServer();
  const collector = await startCollector();
  const folder = scratch();
  cleanup.push(
    () => folder.dispose(),
    () => collector.close(),
    () => nats.dispose(),
  );
  const address = natsAddress(`nats://${nats.address}/traced`);
  const link = await Link.open(address);
  await makeStreams(link, { partitions: 1, replicas: 1 });
  await link.close();
  const start = async (role: string, args: string[] = []) => {
    const argv = [...args, "--role", role, "--log", address.shown, "--partitions-count", "1", "--port", "0"];
    const env = { OTEL_EXPORTER_OTLP_ENDPOINT: collector.url, OTEL_SERVICE_NAME: role };
    const config = readConfig([...argv, "--data-dir", join(folder.path, role)], env);
    const node = await createNode(config, pino({ level: "silent" }));
    let drained: Promise<void> | undefined;
    const drain = () => (drained ??= node.drain());
    cleanup.push(drain);
    return { drain, at: (what: string) => node.addresses.find(([called]) => called === what)![1] };
  };
  const [proxy, workflow] = [await start("proxy"), await start("workflow")];
  await start("studio", [FLOW]);
  const url = proxy.at("Demo page");
  await eventually(async () => expect((await fetch(`${url}c/bot-assistant`)).status).toBe(200));
  const client = await answerOnce(`${proxy.at("Websocket")}chat/bot-assistant`, "mine");
  await client.close();
  await Promise.all([proxy.drain(), workflow.drain()]);

  const { traceId, spanId } = messageSpan(client.welcome.sid, clientId("mine"));
  const spans = collector.spans.filter((span) => span.traceId === traceId);
  const shown = spans.map(({ service, name, parent }) => `${service}: ${name}${parent === spanId ? " <" : parent}`);
  expect(shown.sort()).toEqual(["proxy: answer <", "proxy: append <", "proxy: message", "workflow: step <"]);
  expect(spans.find(({ name }) => name === "message")).toMatchObject({
    spanId,
    attributes: { "parley.flow": "bot-assistant" },
  });
});

it("a request is traced by its route, under the trace that the proxy in front has begun; and nothing that is secret", async () => {
  const collector = await startCollector();
  cleanup.push(() => collector.close());
  const env = { OTEL_EXPORTER_OTLP_ENDPOINT: collector.url, TRUST_PROXY: "1" };
  const lines: string[] = [];
  const logger = pino({ level: "trace" }, { write: (line) => void lines.push(line) });
  const runtime = await createRuntime(readConfig([FLOW, "--port", "0"], env), logger, { log: createMemoryLog({}) });
  cleanup.push(() => runtime.drain());
  const traceparent = `00-${"ab".repeat(16)}-${"cd".repeat(8)}-01`;
  const headers = { traceparent, "X-Request-Id": "from-the-balancer", Cookie: "a=canary-cookie" };
  const answer = await fetch(`${runtime.url}api/flows/canary-flow?token=canary-query`, { headers });
  expect([answer.status, answer.headers.get("x-request-id")]).toEqual([401, "from-the-balancer"]);
  const client = await answerOnce(runtime.wsUrl, "mine");
  const { token } = client.welcome;
  await client.close();
  await runtime.drain();

  const found = collector.spans.find(({ name }) => name === "GET /api/flows/:flow");
  expect(found).toMatchObject({ traceId: "ab".repeat(16), parent: "cd".repeat(8), service: "parley" });
  expect(found?.attributes).toEqual({
    ...{ "http.request.method": "GET", "http.route": "/api/flows/:flow", "http.response.status_code": 401 },
    ...{ "parley.request": "from-the-balancer", "parley.code": "not-signed-in" },
  });
  const line = lines
    .map((text) => JSON.parse(text) as Record<string, unknown>)
    .find(({ route }) => route === "/api/flows/:flow");
  expect(line).toMatchObject({ requestId: "from-the-balancer", status: 401, traceId: "ab".repeat(16) });
  // What a message leads to is found by its record, from the connection to the step.
  const about = lines
    .map((text) => JSON.parse(text) as Record<string, unknown>)
    .filter(({ record }) => record === "c.mine");
  const { traceId } = messageSpan(client.welcome.sid, "c.mine");
  expect(about.map(({ msg, traceId: named }) => [msg, named]).sort()).toEqual([
    ["a message was taken", traceId],
    ["a session was stepped", traceId],
  ]);
  const conn = about.find(({ msg }) => msg === "a message was taken")!.conn;
  expect(lines.filter((text) => text.includes(`"conn":"${conn}"`)).length).toBe(3); // Connected, taken, disconnected.
  const all = Buffer.concat(collector.raw).toString("latin1") + lines.join("");
  for (const secret of ["canary", token.slice(41)]) expect(all.includes(secret), secret).toBe(false);
});

it("without a collector named nothing is traced", async () => {
  const config = (env: Record<string, string>) => readConfig([], env).tracing;
  const there = { OTEL_EXPORTER_OTLP_ENDPOINT: "http://h:4318/x/" };
  expect([config({}), config({ ...there, OTEL_SDK_DISABLED: "true" })]).toEqual([undefined, undefined]);
  expect(config(there)).toEqual({
    ...{ url: "http://h:4318/x/v1/traces", sampler: "always_on", ratio: 1, parentBased: true },
    resource: { "service.name": "parley", "parley.role": "all" },
  });
  const given = {
    OTEL_TRACES_SAMPLER: "traceidratio",
    OTEL_TRACES_SAMPLER_ARG: "0.25",
    OTEL_RESOURCE_ATTRIBUTES: "a=b%20c",
  };
  expect(config({ ...there, ...given })).toMatchObject({
    ...{ sampler: "traceidratio", ratio: 0.25, parentBased: false, resource: { a: "b c" } },
  });
  const wrong = [
    ...[{ OTEL_TRACES_SAMPLER: "some" }, { OTEL_TRACES_SAMPLER_ARG: "2" }, { OTEL_EXPORTER_OTLP_PROTOCOL: "grpc" }],
    { OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: "h:4318" },
  ];
  for (const bad of wrong) expect(() => config({ ...there, ...bad })).toThrow(`${Object.keys(bad)[0]} must be `);
});

it("the last spans are given one second, however long the exporter would wait", async () => {
  const silent = await startCollector({ answers: false });
  cleanup.push(
    () => silent.close(),
    () => vi.useRealTimers(),
    () => vi.unstubAllEnvs(),
  );
  // The exporter's own clock cannot be faked: it waits for longer than a test may take.
  vi.stubEnv("OTEL_EXPORTER_OTLP_TIMEOUT", "600000");
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  const config = readConfig([], { OTEL_EXPORTER_OTLP_ENDPOINT: silent.url }).tracing!;
  const tracer = openTracer(config, pino({ level: "silent" }));
  tracer.begin("last").end();
  const closed = tracer.close();
  await silent.reached;
  vi.advanceTimersByTime(1_000);
  await closed;
  expect(silent.spans.map(({ name }) => name)).toEqual(["last"]);
});

it("a collector that is away, or never answers, is in nobody's way, and a stop does not wait for it", async () => {
  const silent = await startCollector({ answers: false });
  cleanup.push(() => silent.close());
  const gone = createServer();
  await new Promise<void>((resolve) => gone.listen(0, "127.0.0.1", resolve));
  const away = `http://127.0.0.1:${(gone.address() as AddressInfo).port}`;
  await new Promise((resolve) => gone.close(resolve));
  const ended = [silent.url, away].map(async (url) => {
    const folder = scratch();
    cleanup.push(() => folder.dispose());
    // The exporter would wait for longer than this test may take.
    const env = { OTEL_EXPORTER_OTLP_ENDPOINT: url, OTEL_EXPORTER_OTLP_TIMEOUT: "600000" };
    const server = await startServer({ dataDir: folder.path, env });
    cleanup.push(() => server.stop("SIGKILL"));
    await (await answerOnce(server.wsUrl, "mine")).close();
    return (await server.stop("SIGTERM")).code;
  });
  expect(await Promise.all(ended)).toEqual([0, 0]);
  await silent.reached;
});
