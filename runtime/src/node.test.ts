import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import Database from "better-sqlite3";
import { pino } from "pino";
import { afterEach, expect, it } from "vitest";
import { readConfig } from "./config.js";
import { natsAddress } from "./log/nats/address.js";
import { Link } from "./log/nats/link.js";
import { makeStreams } from "./log/nats/setup.js";
import { createNode } from "./node.js";
import { sha256 } from "./registry/registry.js";
import { choose, type, V1Client } from "./testing/clients.js";
import { eventually } from "./testing/eventually.js";
import { startNatsServer } from "./testing/nats-server.js";
import { png } from "./testing/sample-pictures.js";
import { FLOWS, scratch, writeFlows } from "./testing/server.js";
import { send, signInBy } from "./testing/studio.js";

const cleanup: (() => unknown)[] = [];
afterEach(async () => {
  for (const step of cleanup.splice(0).reverse()) await step();
});

/** Starts nodes of one log; each has a data folder of its own. */
async function cluster() {
  const nats = await startNatsServer();
  cleanup.push(() => nats.dispose());
  const address = natsAddress(`nats://${nats.address}/split`);
  const link = await Link.open(address);
  cleanup.push(() => link.close());
  await makeStreams(link, { partitions: 2, replicas: 1 });
  const folder = scratch();
  cleanup.push(() => folder.dispose());
  const start = async (role: string, { name = role, args = [] as string[], env = {} } = {}) => {
    const dataDir = join(folder.path, name);
    const argv = [...args, "--role", role, "--log", address.shown, "--partitions-count", "2", "--port", "0"];
    const config = readConfig([...argv, "--data-dir", dataDir, "--limits", "off"], { PUBLIC_URL: "", ...env });
    const node = await createNode(config, pino({ level: process.env.PARLEY_TEST_LOG ?? "silent" }));
    cleanup.push(() => node.drain());
    const at = (what: string) => node.addresses.find(([called]) => called === what)![1];
    return { ...node, at, dataDir };
  };
  return { start, link, nats, folder: folder.path };
}

it.each(["proxy", "workflow", "studio"])(
  "a %s of its own is refused without a log that processes share",
  async (role) => {
    const config = readConfig(["--role", role, "--data-dir", "/nowhere"], {});
    await expect(createNode(config, pino({ level: "silent" }))).rejects.toMatchObject({
      code: "no-shared-log",
      exitCode: 2,
      message: `A ${role} of its own needs a log that processes share: set LOG, as nats://host:4222.`,
    });
  },
);

it("each process does its own part, and what is published in the studio is served by the proxies", async () => {
  const { start, folder } = await cluster();
  const picture = png();
  const name = `${sha256(picture)}.png`;
  const [flow] = writeFlows(folder, {
    shop: { a: { sendRequest: { kind: "BotText", content: `Look: <img src="/assets/${name}" alt="A cat">` } } },
  });
  const proxies = [await start("proxy", { name: "p1" }), await start("proxy", { name: "p2" })];
  await start("workflow");
  const env = { PUBLIC_URL: "http://bots.example" };
  const studio = await start("studio", { args: [flow!, join(FLOWS, "bot-assistant.json")], env });
  const [page, secret] = studio.at("Studio").split("#");
  const url = page!.replace("/studio/login", "/");
  const status = async (at: string, path: string, headers = {}) => (await send(at, "GET", path, { headers })).status;

  const wanted = ["/c/shop", "/widget.js", "/widget/v1/shop.json", "/", "/readyz", "/healthz", "/metrics"];
  for (const proxy of proxies) {
    const at = proxy.at("Demo page");
    await eventually(async () => expect(await status(at, "/c/shop")).toBe(200));
    for (const path of wanted) expect(await status(at, path), path).toBe(200);
    for (const path of ["/studio", "/studio/login", "/api/flows", "/api/session", "/preview", "/shared"]) {
      expect(await status(at, path), path).toBe(404);
    }
    // The first that was published.
    expect((await send(at, "GET", "/demo/flows.json")).json).toMatchObject({ default: "shop" });
  }
  for (const path of ["/studio", "/shared", "/preview", "/readyz", "/metrics"])
    expect(await status(url, path)).toBe(200);
  for (const path of ["/", "/c/shop", "/widget.js"]) expect(await status(url, path)).toBe(404);
  const owner = await signInBy({ url }, secret!);
  expect((await send(url, "GET", "/api/visitors", { headers: owner })).json).toMatchObject({
    url: "http://bots.example/",
  });

  // A visitor goes on with any proxy.
  const chat = (proxy: (typeof proxies)[0]) => `${proxy.at("Websocket")}chat/bot-assistant`;
  const first = await V1Client.connect(chat(proxies[0]!));
  await first.until(() => first.all.find((frame) => frame.kind === "Turn"), "the first turn");
  const { token } = first.welcome;
  await first.close();
  const second = await V1Client.connect(chat(proxies[1]!), { token });
  await second.until(() => second.all.find((frame) => frame.kind === "Turn"), "the last turn");
  expect(second.messages).toEqual(first.messages);
  await eventually(async () => {
    const listed = await send(url, "GET", "/api/conversations", { headers: owner });
    expect((listed.json as { conversations: unknown[] }).conversations).toHaveLength(1);
  });

  // A site that may not show it is told of in the studio.
  const shown = { origin: "https://else.example", "sec-fetch-mode": "cors", "sec-fetch-dest": "empty" };
  expect(await status(proxies[0]!.at("Demo page"), "/widget/v1/shop.json", shown)).toBe(403);
  await eventually(async () => {
    const { json } = await send(url, "GET", "/api/flows/shop/refused-origins", { headers: owner });
    expect(json).toMatchObject({ origins: [{ origin: "https://else.example", count: 1 }] });
  });
  expect(
    readdirSync(proxies[0]!.dataDir).filter((file) => !/^(lock\.db|server\.json|widget|pictures)$/.test(file)),
  ).toEqual([]);
});

it("a proxy gets a picture from the studio once, and says when the studio is away", async () => {
  const { start, folder } = await cluster();
  const [picture, other] = [png(), png(9)];
  const [name, away] = [picture, other].map((bytes) => `${sha256(bytes)}.png`);
  const [flow] = writeFlows(folder, { shop: { a: { sendRequest: { kind: "BotText", content: `/assets/${name}` } } } });
  const studio = await start("studio", { args: [flow!], env: { PUBLIC_URL: "http://bots.example" } });
  const url = studio.at("Studio").split("studio/login")[0]!;
  const owner = await signInBy({ url }, studio.at("Studio").split("#")[1]!);
  const upload = { headers: owner, body: { data: picture.toString("base64") } };
  expect((await send(url, "POST", "/api/flows/shop/pictures", upload)).status).toBe(200);
  // By whatever name the servers know it.
  expect((await send(url, "GET", `/assets/${name}`, { headers: { host: "studio:9998" } })).status).toBe(200);
  expect((await send(url, "GET", "/api/flows", { headers: { ...owner, host: "studio:9998" } })).status).toBe(421);

  const proxy = await start("proxy", { env: { STUDIO_URL: url.replace(/\/$/, "") } });
  const at = proxy.at("Demo page");
  const alone = (await start("proxy", { name: "alone" })).at("Demo page");
  const ask = async (from: string, one: string) => {
    const answer = await fetch(`${from}assets/${one}`, { headers: { origin: "https://shop.example" } });
    return { status: answer.status, headers: Object.fromEntries(answer.headers), bytes: await answer.arrayBuffer() };
  };
  const [own, got] = [await ask(url, name!), await ask(at, name!)];
  expect(Buffer.from(got.bytes).equals(picture)).toBe(true);
  const { date: _, "x-request-id": __, ...headers } = own.headers;
  expect(got.headers).toMatchObject(headers);
  expect(readFileSync(join(proxy.dataDir, "pictures", name!)).equals(picture)).toBe(true);
  expect((await ask(alone, name!)).status).toBe(404);
  await studio.drain();
  expect((await ask(at, name!)).status).toBe(200);
  const later = await ask(at, away!);
  expect([later.status, later.headers["retry-after"], later.headers["cache-control"]]).toEqual([503, "5", "no-store"]);
});

it("[P11] with ENCRYPT the log's server holds no word of a visitor, and one who is erased cannot be read by anybody", async () => {
  const { start, nats } = await cluster();
  const CLUSTER_TOKEN = "c".repeat(32);
  const sealed = { ENCRYPT: "on", CLUSTER_TOKEN };
  const served = { args: [join(FLOWS, "bot-assistant.json")], env: { PUBLIC_URL: "http://bots.example", ...sealed } };
  const studio = await start("studio", served);
  const url = studio.at("Studio").split("studio/login")[0]!;
  const env = { ...sealed, STUDIO_URL: url.replace(/\/$/, "") };
  const proxy = await start("proxy", { env });
  await start("workflow", { env });
  const visitor = await V1Client.connect(`${proxy.at("Websocket")}chat/bot-assistant`, {
    page: "https://shy.example/",
  });
  await visitor.send(choose("lang", "other"));
  await visitor.until(() => visitor.words.some((word) => word.includes("StartChatSession")), "the text field");
  await visitor.send(type("langPreference", "Brainfuck, sorry"));
  await visitor.until(() => visitor.words.some((word) => word.includes("others")), "the next question");
  const kept = nats.files("split").toString("latin1");
  for (const word of ["Brainfuck", "shy.example", "hobby projects"]) expect(kept).not.toContain(word);
  expect(kept).toContain('"kind":"Sealed"');

  const owner = await signInBy({ url }, studio.at("Studio").split("#")[1]!);
  const path = `/api/flows/bot-assistant/conversations/${visitor.welcome.sid}`;
  await eventually(async () => expect((await send(url, "GET", path, { headers: owner })).text).toContain("Brainfuck"));
  const keys = join(studio.dataDir, "session-keys.db");
  expect((await send(url, "DELETE", path, { headers: owner })).status).toBe(200);
  await eventually(() => expect(visitor.closed?.code).toBe(4410));
  const db = new Database(keys, { readonly: true });
  expect(db.prepare("SELECT key FROM session_key").pluck().all()).toEqual([null]);
  db.close();
  expect((await send(url, "POST", "/cluster/keys", { body: { sids: [visitor.welcome.sid] } })).status).toBe(401);
  expect((await send(proxy.at("Demo page"), "POST", "/cluster/keys", { body: {} })).status).toBe(404);
});

it.each([
  ["proxy", {}, "no-cluster-token"],
  ["proxy", { CLUSTER_TOKEN: "c".repeat(32) }, "no-studio"],
  ["studio", {}, "no-cluster-token"],
])("a %s with ENCRYPT that has no way to the keys is refused (%j)", async (role, env, code) => {
  const { start } = await cluster();
  await expect(start(role, { env: { ENCRYPT: "on", ...env } })).rejects.toMatchObject({ code, exitCode: 2 });
});

it("no process is sent a partition that it has no need of", async () => {
  const { start, link } = await cluster();
  const readers = async () => {
    const streams = await Promise.all([0, 1].map((partition) => link.jsm.streams.info(`split-${partition}`)));
    return streams.map(({ state }) => state.consumer_count);
  };
  const proxies = [await start("proxy", { name: "p1" }), await start("proxy", { name: "p2" })];
  await start("studio", { args: [join(FLOWS, "bot-assistant.json")], env: { PUBLIC_URL: "http://bots.example" } });
  const workflows = [await start("workflow", { name: "w1" }), await start("workflow", { name: "w2" })];
  // The studio's lists, and the workflow that steps it.
  await eventually(async () => expect(await readers()).toEqual([2, 2]));
  const visitor = await V1Client.connect(`${proxies[0]!.at("Websocket")}chat/bot-assistant`);
  await visitor.until(() => visitor.all.find((frame) => frame.kind === "Turn"), "the first turn");
  const partition = Number.parseInt(visitor.welcome.sid.slice(0, 8), 16) % 2;
  await eventually(async () => expect(await readers()).toEqual(partition === 0 ? [3, 2] : [2, 3]));
  await workflows[0]!.drain();
  await eventually(async () => expect(await readers()).toEqual(partition === 0 ? [3, 2] : [2, 3]));
});

it("a second studio on the same data folder is refused", async () => {
  const { start } = await cluster();
  await start("studio", { name: "one" });
  await expect(start("studio", { name: "one" })).rejects.toMatchObject({ code: "in-use" });
});
