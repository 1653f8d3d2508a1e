import { statSync } from "node:fs";
import { join } from "node:path";
import { pino } from "pino";
import { afterEach, expect, it } from "vitest";
import { FreeSpace } from "./free-space.js";
import { createMetrics } from "./metrics.js";
import { RESERVE_BYTES } from "./reserve.js";
import { BareClient, V1Client } from "./testing/clients.js";
import { eventually } from "./testing/eventually.js";
import { FLOWS, scratch, serve } from "./testing/server.js";
import { send, signIn } from "./testing/studio.js";

const MIB = 1024 * 1024;
const cleanup: (() => unknown)[] = [];
afterEach(async () => {
  for (const step of cleanup.splice(0).reverse()) await step();
});

function watch(minFree: number) {
  const folder = scratch();
  cleanup.push(() => folder.dispose());
  const disk = { free: 1_000 * MIB };
  const lines: string[] = [];
  const logger = pino({ level: "info" }, { write: (line) => lines.push((JSON.parse(line) as { msg: string }).msg) });
  const metrics = createMetrics({ process: false });
  const end = new AbortController();
  cleanup.push(() => end.abort());
  const space = new FreeSpace({ folder: folder.path, minFree, metrics, logger, free: async () => disk.free });
  const reserve = () => statSync(join(folder.path, "reserve"), { throwIfNoEntry: false })?.size;
  const at = async (mib: number): Promise<boolean> => {
    disk.free = mib * MIB;
    await space.look();
    return space.short;
  };
  return { space, disk, lines, metrics, reserve, at, start: () => space.start(end.signal) };
}

it("[P12] is short below the least, well again above it by a sixteenth, and says each once", async () => {
  const { space, lines, metrics, at } = watch(256 * MIB);
  const seen: boolean[] = [];
  for (const mib of [256, 255, 200, 260, 271, 272, 256]) seen.push(await at(mib));
  expect(seen).toEqual([false, true, true, true, true, false, false]);
  expect(lines).toEqual([expect.stringContaining("Less than 256 MiB"), "there is room on the disk again"]);
  expect((await metrics.diskFree.get()).values[0]?.value).toBe(256 * MIB);
  expect(space.health()).toEqual({ ok: true, free: 256 * MIB });
  await at(10);
  expect(space.health()).toMatchObject({ ok: false, problem: expect.stringMatching(/^Less than .*\.$/) });
  expect((await metrics.diskShort.get()).values[0]?.value).toBe(1);
});

it("[P12] with MIN_FREE=0 is never short", async () => {
  const { at, lines } = watch(0);
  expect([await at(1), await at(0)]).toEqual([false, false]);
  expect(lines).toEqual([]);
});

it("[P12] keeps a reserve while there is room, gives it up once the disk is full, and takes it again", async () => {
  const { space, disk, reserve, start, at } = watch(0);
  space.keepReserve();
  start();
  await eventually(() => expect(reserve()).toBe(RESERVE_BYTES));
  expect(await space.makeRoom()).toBe(false); // There is room.
  await at(2);
  expect(await space.makeRoom()).toBe(true);
  expect(reserve()).toBeUndefined();
  expect(await space.makeRoom()).toBe(false); // Once.
  disk.free = 33 * MIB;
  await eventually(() => expect(reserve()).toBe(RESERVE_BYTES));
});

it("[P12] with little room no conversation begins and nothing is saved, and what has begun goes on", {
  timeout: 30_000,
}, async () => {
  const folder = scratch();
  cleanup.push(() => folder.dispose());
  let free = 1_000 * MIB;
  const argv = [join(FLOWS, "bot-assistant.json"), "--data-dir", folder.path, "--limits", "off"];
  const runtime = await serve(undefined, { argv, overrides: { free: async () => free } });
  cleanup.push(() => runtime.drain());
  const owner = await signIn(runtime);
  const call = (method: string, path: string, body?: unknown, headers = {}) =>
    send(runtime.url, method, path, { headers: { ...owner, ...headers }, ...(body !== undefined && { body }) });
  const ready = async () => (await send(runtime.url, "GET", "/readyz")).json;
  const chat = `${runtime.wsUrl}chat/bot-assistant`;
  const begun = await V1Client.connect(chat);
  await begun.seq(2);
  const draft = await call("GET", "/api/flows/bot-assistant/draft");
  const etag = String(draft.headers.etag);
  const changed = { ...(draft.json as object), settings: { title: "Another" } };
  const save = () => call("PUT", "/api/flows/bot-assistant/draft", changed, { "if-match": etag });

  free = 100 * MIB;
  const problem = expect.stringContaining("Less than 256 MiB");
  await eventually(async () =>
    expect(await ready()).toMatchObject({ ready: true, disk: { ok: false, free, problem } }),
  );
  await expect(V1Client.connect(chat)).rejects.toThrow(/closed with 1013 retry-after=\d+/);
  await expect(V1Client.connect(chat, { token: "0".repeat(40) })).rejects.toThrow("1013");
  await expect(BareClient.connect(runtime.wsUrl)).rejects.toThrow("HTTP 503");
  expect(await save()).toMatchObject({
    status: 507,
    json: { code: "no-space", title: expect.stringMatching(/full.*\.$/) },
  });
  expect((await call("POST", "/api/flows", { from: { kind: "blank" } })).status).toBe(507);
  // Who has no right learns nothing of the disk.
  expect((await send(runtime.url, "PUT", "/api/flows/bot-assistant/draft", { body: {} })).status).toBe(401);
  // What has begun: on this socket and on another.
  const answer = { kind: "ChoiceResponse", groupId: "lang", itemId: "go" };
  expect(await begun.send(answer)).toMatchObject({ kind: "Ack" });
  await begun.seq(4);
  await begun.close();
  const again = await V1Client.connect(chat, { token: begun.welcome.token });
  expect(again.welcome.sid).toBe(begun.welcome.sid);
  expect((await runtime.metrics.refusals.get()).values).toContainEqual({ labels: { reason: "no-space" }, value: 3 });

  free = 300 * MIB;
  await eventually(async () => expect(await ready()).toMatchObject({ disk: { ok: true } }));
  expect((await save()).status).toBe(200);
  await (await V1Client.connect(chat)).close();
  await again.close();
});
