import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { FlowSummary, Version, VersionList } from "@parley/shared/api/flows";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Runtime } from "../runtime.js";
import { scratch, serve } from "../testing/server.js";
import { type Identity, send, signIn } from "../testing/studio.js";

const cleanup: (() => unknown)[] = [];
afterEach(async () => {
  for (const step of cleanup.splice(0).reverse()) await step();
});

const say = (content: string) => ({ a: { sendRequest: { kind: "BotText", content } } });
let file: string;
let dataDir: string;
let lines: string[];
beforeEach(() => {
  const folder = scratch();
  cleanup.push(() => folder.dispose());
  [file, dataDir, lines] = [join(folder.path, "shop.json"), join(folder.path, "data"), []];
  write("one");
});
const write = (content: string) => writeFileSync(file, JSON.stringify(say(content)));

type Started = Runtime & { owner: Identity };
async function start(argv = [file]): Promise<Started> {
  const runtime = await serve(undefined, { argv, env: { DATA_DIR: dataDir }, onLog: (line) => lines.push(line) });
  cleanup.push(() => runtime.drain());
  return Object.assign(runtime, { owner: await signIn(runtime) });
}
const get = async <T>(runtime: Started, path: string): Promise<T> =>
  (await send(runtime.url, "GET", `/api/flows/shop${path}`, { headers: runtime.owner })).json as T;
const edit = async (runtime: Started, content: string) => {
  const path = "/api/flows/shop/draft";
  const { json, headers } = await send(runtime.url, "GET", path, { headers: runtime.owner });
  const saved = await send(runtime.url, "PUT", path, {
    headers: { ...runtime.owner, "if-match": String(headers.etag) },
    body: { ...(json as object), flow: say(content) },
  });
  expect(saved.status).toBe(200);
};
const draft = async (runtime: Started) => (await get<{ flow: object }>(runtime, "/draft")).flow;
/** As the studio publishes. */
const publish = (runtime: Started, content: string) =>
  runtime.registry.publish(
    { flow: "shop", json: say(content), settings: {}, by: "person:Ada", note: "by hand" },
    { id: content, timestamp: new Date().toISOString() },
  );
const versions = async (runtime: Started) =>
  (await get<VersionList>(runtime, "/versions")).versions.map(
    ({ id, by, from, live }) => `${id} ${from} ${by}${live ? " live" : ""}`,
  );
/** Waits for what follows a change of the file or a publication. */
async function eventually(check: () => Promise<boolean>): Promise<void> {
  for (const end = Date.now() + 20_000; !(await check()); ) {
    if (Date.now() > end) throw new Error("it did not come to that");
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

describe("a file and the studio are two owners", () => {
  it("a file makes a version only when it differs from the last version of that file", async () => {
    const first = await start();
    expect(await versions(first)).toEqual(["1 file shop.json live"]);
    await publish(first, "by Ada");
    await first.drain();
    const second = await start();
    expect(await versions(second)).toEqual(["2 studio Ada live", "1 file shop.json"]);
    expect(second.registry.program({ flow: "shop", version: 2 })).toBeDefined();
  });

  it("where the studio has published since, a changed file waits, is said in the log and can be read beside what is live", async () => {
    const runtime = await start();
    await publish(runtime, "by Ada");
    write("two");
    await eventually(async () => (await get<FlowSummary>(runtime, "")).unpublished === 1);
    expect(await versions(runtime)).toEqual(["u1 file shop.json", "2 studio Ada live", "1 file shop.json"]);
    expect(lines.filter((line) => line.includes("unpublished"))).toHaveLength(1);
    expect(runtime.registry.live("shop")).toMatchObject({ version: 2, by: "person:Ada" });
    const waiting = await get<Version>(runtime, "/versions/u1");
    expect(waiting).toMatchObject({ flow: say("two"), settings: {}, from: "file", against: 2, live: false });
    expect(waiting.version).toBeUndefined();
    await runtime.drain();
    // A restart says nothing new.
    const again = await start();
    expect(await versions(again)).toEqual(["u1 file shop.json", "2 studio Ada live", "1 file shop.json"]);
    write("three");
    await eventually(async () => (await versions(again)).length === 4);
    expect((await get<FlowSummary>(again, "")).unpublished).toBe(2);
    expect(again.registry.versions("shop")).toHaveLength(2);
    // Once the studio has published the same, nothing waits.
    await publish(again, "three");
    await eventually(async () => (await get<FlowSummary>(again, "")).live?.version === 3);
    expect((await get<FlowSummary>(again, "")).unpublished).toBe(0);
  });

  it("a file that came to say what is live makes no version", async () => {
    const runtime = await start();
    await publish(runtime, "two");
    await runtime.drain();
    write("two");
    const again = await start();
    expect(await versions(again)).toEqual(["2 studio Ada live", "1 file shop.json"]);
  });
});

describe("the draft of a published flow", () => {
  it("goes on to the live version while nobody changed it, and keeps its drawing", async () => {
    const runtime = await start();
    const { json, headers } = await send(runtime.url, "GET", "/api/flows/shop/draft", { headers: runtime.owner });
    const layout = { positions: { a: { x: 1, y: 2 } } };
    await send(runtime.url, "PUT", "/api/flows/shop/draft", {
      headers: { ...runtime.owner, "if-match": String(headers.etag) },
      body: { ...(json as object), layout },
    });
    write("two");
    await eventually(async () => JSON.stringify(await draft(runtime)) === JSON.stringify(say("two")));
    expect(await get(runtime, "/draft")).toMatchObject({ flow: say("two"), layout });
    expect(await get<FlowSummary>(runtime, "")).toMatchObject({ changed: false, draft: { by: "shop.json" } });
    await runtime.drain();
    write("three");
    expect(await draft(await start())).toEqual(say("three"));
  });

  it("stays as it is once somebody has changed it", async () => {
    const runtime = await start();
    await edit(runtime, "mine");
    write("two");
    await eventually(async () => (await get<FlowSummary>(runtime, "")).live?.version === 2);
    await runtime.drain();
    const again = await start();
    expect(await draft(again)).toEqual(say("mine"));
    expect(await get<FlowSummary>(again, "")).toMatchObject({ changed: true });
    // Changed back to what it was made of, it goes on again.
    await edit(again, "one");
    write("three");
    await eventually(async () => JSON.stringify(await draft(again)) === JSON.stringify(say("three")));
  });

  it("is there for flows that are served no more, and never replaces one of the same id", async () => {
    await (await start()).drain();
    const other = join(dataDir, "../other.json");
    writeFileSync(other, JSON.stringify(say("other")));
    const runtime = await start([other]);
    expect(await draft(runtime)).toEqual(say("one"));
    expect((await get<FlowSummary>(runtime, "")).file).toBeUndefined();
    const made = await send(runtime.url, "POST", "/api/flows", {
      headers: runtime.owner,
      body: { id: "third", from: { kind: "blank" } },
    });
    expect(made.status).toBe(201);
    await runtime.drain();
    const third = join(dataDir, "../third.json");
    writeFileSync(third, JSON.stringify(say("file")));
    const last = await start([third]);
    const { json } = await send(last.url, "GET", "/api/flows/third/draft", { headers: last.owner });
    expect((json as { flow: object }).flow).toMatchObject({ hello: {} });
    expect(last.registry.live("third")).toMatchObject({ version: 1 });
  });
});
