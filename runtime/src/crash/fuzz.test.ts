import { connect } from "node:net";
import { SUBPROTOCOL } from "@parley/shared/protocol/v1";
import { afterEach, expect, it, onTestFailed } from "vitest";
import { WebSocket } from "ws";
import { createMemoryLog } from "../log/memory.js";
import type { Runtime } from "../runtime.js";
import { choose, V1Client } from "../testing/clients.js";
import { Fuzzer } from "../testing/fuzz.js";
import { Random, seedOfRun } from "../testing/random.js";
import { serve } from "../testing/server.js";
import { type Identity, send, signIn } from "../testing/studio.js";

/** So much is tried here, or what there is time for: 10 s each. `npm run test:torture -- --fuzz` tries for minutes. */
const { FUZZ_MINUTES } = process.env;
const LASTS = FUZZ_MINUTES === undefined ? 10_000 : Number(FUZZ_MINUTES) * 30_000;
const most = (here: number) => (FUZZ_MINUTES === undefined ? here : Number.POSITIVE_INFINITY);
const REQUESTS = most(2_500);
const SOCKETS = most(250);
const LIMIT = 120_000 + 2 * LASTS;
/** Of what is too little nothing follows. */
const LEAST = 500;

const cleanup: (() => unknown)[] = [];
afterEach(async () => {
  for (const step of cleanup.splice(0).reverse()) await step();
});

/** A server without limits, and a visitor whose conversation has to go on whatever others send. */
async function start() {
  const seed = seedOfRun();
  onTestFailed(() => console.error(`PARLEY_SEED=${seed} repeats this run.`));
  const lines: string[] = [];
  const runtime = await serve(createMemoryLog({ partitions: 2 }), {
    env: { LIMITS: "off", LOG_LEVEL: "error" },
    onLog: (line) => lines.push(line),
  });
  cleanup.push(() => runtime.drain());
  const chat = `${runtime.wsUrl}chat/bot-assistant`;
  const witness = await V1Client.connect(chat);
  await witness.seq(2);
  const goesOn = async () => {
    await witness.send(choose("lang", "go"));
    expect((await witness.seq(4)).message).toMatchObject({ kind: "ChoiceRequest", groupId: "others" });
  };
  return { random: new Random(seed), runtime, chat, goesOn, lines };
}

type Document = {
  readonly paths: Readonly<
    Record<
      string,
      Readonly<Record<string, { readonly requestBody?: Body; readonly parameters?: readonly Parameter[] }>>
    >
  >;
  readonly components: { readonly schemas: Readonly<Record<string, object>> };
};
type Body = { readonly content: { readonly "application/json": { readonly schema: object } } };
type Parameter = { readonly name: string; readonly in: string; readonly schema: object };

/** What would end the fuzzing itself: signing out, and wrong passwords, of which there may be few. The socket is no request. */
const LEFT = new Set(["DELETE /api/session", "POST /api/session", "GET /api/socket"]);

it("[P15] whatever is sent to the interface by its document, the answer is one it names, and service goes on", {
  timeout: LIMIT,
}, async () => {
  const { random, runtime, goesOn, lines } = await start();
  const { paths, components } = (await send(runtime.url, "GET", "/api/openapi.json")).json as Document;
  const operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ method: method.toUpperCase(), path, operation })),
  );
  const fuzzer = new Fuzzer(random, components.schemas);
  let owner: Identity = await signIn(runtime);
  const etags = ["*", '"1"', "", "x"];
  const statuses = new Map<number, number>();
  const wrong: string[] = [];
  const until = performance.now() + LASTS;
  let requests = 0;
  for (; requests < REQUESTS && (requests < LEAST || performance.now() < until); requests++) {
    const { method, path, operation } = random.pick(operations);
    if (LEFT.has(`${method} ${path}`)) continue;
    const filled = path.replaceAll(/\{\w+\}/g, () =>
      encodeURIComponent(clean(random.chance(0.6) ? "bot-assistant" : fuzzer.text())),
    );
    const query = (operation.parameters ?? [])
      .filter((one) => one.in === "query" && random.chance(0.5))
      .map(
        (one) =>
          `${one.name}=${encodeURIComponent(clean(`${JSON.stringify(fuzzer.value(one.schema))?.replaceAll(/^"|"$/g, "")}`))}`,
      );
    const schema = operation.requestBody?.content["application/json"].schema;
    const body = schema && JSON.stringify(fuzzer.value(schema));
    const raw = body !== undefined && random.chance(0.05) ? body.slice(0, random.int(0, body.length)) : body;
    const who = random.chance(0.9) ? owner : {};
    const headers = { ...who, ...(random.chance(0.4) && { "if-match": random.pick(etags) }) };
    const target = `${filled}${query.length > 0 ? `?${query.join("&")}` : ""}`.slice(0, 7_000);
    const answer = await send(runtime.url, method, target, { headers, ...(raw !== undefined && { raw }) });
    if (
      answer.headers["content-type"]?.toString().startsWith("application/json") &&
      typeof answer.headers.etag === "string"
    )
      etags[3] = answer.headers.etag;
    statuses.set(answer.status, (statuses.get(answer.status) ?? 0) + 1);
    const problem = answer.json as { code?: unknown; status?: unknown } | undefined;
    const told = answer.status < 400 || (typeof problem?.code === "string" && problem.status === answer.status);
    if (answer.status >= 500 || !told)
      wrong.push(
        `${answer.status} ${method} ${target.slice(0, 200)} ${raw?.slice(0, 300)} → ${answer.text.slice(0, 300)}`,
      );
    if (answer.text.includes("    at ") && answer.status >= 400) wrong.push(`a stack: ${answer.text.slice(0, 300)}`);
    if (answer.status === 401 && who === owner) owner = await signIn(runtime);
  }
  expect(wrong).toEqual([]);
  // It did come through: much was taken, and much was refused.
  expect(statuses.get(200)).toBeGreaterThan(requests / 20);
  expect(statuses.get(422)).toBeGreaterThan(requests / 50);
  console.log(`${requests} requests: ${[...statuses].map(([status, times]) => `${status} ${times}`).join(", ")}`);
  expect(lines.filter((line) => /"level":(50|60)/.test(line))).toEqual([]);
  await goesOn();
});

it("[P15] whatever frames come over both protocols, and whatever bytes, service goes on", {
  timeout: LIMIT,
}, async () => {
  const { random, runtime, chat, goesOn, lines } = await start();
  const fuzzer = new Fuzzer(random, {}, 0.3);
  const closes = new Map<number, number>();
  const until = performance.now() + LASTS;
  let sockets = 0;
  for (; sockets < SOCKETS && (sockets < LEAST / 5 || performance.now() < until); sockets += 10) {
    const all = Array.from({ length: 10 }, () => talk(random, fuzzer, random.chance(0.5) ? chat : runtime.wsUrl));
    for (const code of await Promise.all(all)) closes.set(code, (closes.get(code) ?? 0) + 1);
    if (sockets % 20 === 0) await Promise.all(Array.from({ length: 10 }, () => scribble(random, runtime)));
  }
  console.log(`${sockets} sockets: ${[...closes].map(([code, times]) => `${code} ${times}`).join(", ")}`);
  // 1006: the websocket library has ended what was no frame at all.
  const known = [1000, 1002, 1003, 1005, 1006, 1007, 1009, 1012, 1013, 4400, 4401, 4404, 4410, 4429, 4500];
  expect([...closes.keys()].filter((code) => !known.includes(code))).toEqual([]);
  expect(lines.filter((line) => /"level":(50|60)/.test(line))).toEqual([]);
  await goesOn();
  await (await V1Client.connect(chat)).seq(2);
});

/** One connection that says this and that, then leaves. @returns how it was closed */
function talk(random: Random, fuzzer: Fuzzer, url: string): Promise<number> {
  const ws = random.chance(0.6) ? new WebSocket(url, SUBPROTOCOL) : new WebSocket(url);
  ws.on("error", () => undefined); // The close that follows says all.
  ws.on("open", () => {
    if (random.chance(0.7)) ws.send('{"kind":"Hello"}');
    for (let n = random.int(1, 12); n > 0; n--) ws.send(frame(random, fuzzer), { binary: random.chance(0.05) });
    ws.close();
  });
  return new Promise((resolve) => ws.once("close", resolve));
}

const KINDS = [
  "Hello",
  "Send",
  "SetVariables",
  "Ping",
  "Identify",
  "SignOut",
  "Typing",
  "ChoiceResponse",
  "UserText",
  "ResetSession",
  "Welcome",
  "Turn",
];

function frame(random: Random, fuzzer: Fuzzer): string {
  const message = {
    kind: random.pick(KINDS),
    groupId: fuzzer.any(),
    itemId: fuzzer.any(),
    sessionId: fuzzer.any(),
    content: fuzzer.any(),
  };
  const whole = {
    ...message,
    id: random.chance(0.7) ? `x${random.int(0, 9)}` : fuzzer.any(),
    message: random.chance(0.7) ? message : fuzzer.any(),
    re: fuzzer.any(),
    token: fuzzer.any(),
    after: fuzzer.any(),
    values: fuzzer.any(),
  };
  const text = JSON.stringify(whole);
  return random.chance(0.1) ? text.slice(0, random.int(0, text.length)) : text.slice(0, 15_000);
}

/** Bytes of no protocol at all, behind the beginning of one or not. */
function scribble(random: Random, runtime: Runtime): Promise<void> {
  const heads = [
    "",
    "GET / HTTP/1.1\r\n",
    "GET /chat/bot-assistant HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n",
  ];
  return new Promise((resolve) => {
    const socket = connect(Number(new URL(runtime.url).port), "127.0.0.1", () => {
      const bytes = Buffer.from(Array.from({ length: random.int(1, 400) }, () => random.int(0, 255)));
      socket.end(Buffer.concat([Buffer.from(random.pick(heads)), bytes]));
    });
    socket.resume();
    socket.on("error", () => undefined); // It may be cut at any time.
    socket.on("close", () => resolve());
  });
}

/** What a request line cannot hold as it is. */
const clean = (text: string): string => Buffer.from(text).toString();
