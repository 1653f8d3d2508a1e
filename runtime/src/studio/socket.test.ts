import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { runUsers } from "../cli/users.js";
import { createMemoryLog } from "../log/memory.js";
import type { Runtime } from "../runtime.js";
import { scratch, serve } from "../testing/server.js";
import { type Identity, StudioTab, send, signIn, token } from "../testing/studio.js";

const cleanup: (() => unknown)[] = [];
afterEach(async () => {
  for (const step of cleanup.splice(0).reverse()) await step();
});

async function start(dataDir?: string): Promise<Runtime> {
  const log = dataDir === undefined ? createMemoryLog({ partitions: 1 }) : undefined;
  const runtime = await serve(log, dataDir === undefined ? {} : { env: { DATA_DIR: dataDir } });
  cleanup.push(() => runtime.drain());
  return runtime;
}
const person = (runtime: Runtime, name: string) => {
  runtime.studio.people.add({ id: name, name, role: "editor", password: null, created: 0 });
  return signIn(runtime, name);
};
const FLOW = "bot-assistant";
const saved = (tab: StudioTab) => tab.all.filter((frame) => frame.kind === "DraftSaved");

describe("presence", () => {
  it("tells who else has the flow open, with the step, and who has left it", async () => {
    const runtime = await start();
    const [ada, bob] = await Promise.all(["Ada", "Bob"].map((name) => person(runtime, name)));
    const one = await StudioTab.connect(runtime, ada!);
    const two = await StudioTab.connect(runtime, bob!);
    one.say({ kind: "Look", flow: FLOW });
    await one.until(() => one.present?.length === 0, "alone");
    two.say({ kind: "Look", flow: FLOW, step: "hello" });
    await one.until(() => one.present?.[0] === "Bob at hello", "Bob");
    await two.until(() => two.present?.[0] === "Ada", "Ada");
    // Also one's own other tab.
    const third = await StudioTab.connect(runtime, ada!);
    third.say({ kind: "Look", flow: FLOW, step: "bye" });
    await one.until(() => one.present?.join() === "Bob at hello,Ada at bye", "the other tab");
    two.say({ kind: "Look", flow: "not-there" });
    await one.until(() => one.present?.join() === "Ada at bye", "Bob away");
    await third.close();
    await one.until(() => one.present?.length === 0, "alone again");
    expect(two.all.some((frame) => frame.kind === "Presence" && frame.flow === "not-there")).toBe(false);
  });
});

describe("notices", () => {
  it("tell every tab that has the flow open what was saved, and by which tab", async () => {
    const runtime = await start();
    const owner = await signIn(runtime);
    const [one, two, elsewhere] = await Promise.all([1, 2, 3].map(() => StudioTab.connect(runtime, owner)));
    for (const tab of [one!, two!]) {
      tab.say({ kind: "Look", flow: FLOW });
      await tab.until(() => tab.present, "presence");
    }
    const path = `/api/flows/${FLOW}/draft`;
    const { json, headers } = await send(runtime.url, "GET", path, { headers: owner });
    const answer = await send(runtime.url, "PUT", path, {
      headers: { ...owner, "if-match": String(headers.etag), "parley-tab": one!.id! },
      body: { ...(json as object), settings: { title: "Other" } },
    });
    const notice = { kind: "DraftSaved", flow: FLOW, etag: answer.headers.etag, by: "Owner", tab: one!.id };
    for (const tab of [one!, two!]) expect(await tab.until(() => saved(tab)[0], "notice")).toEqual(notice);
    await elsewhere!.until(
      () => elsewhere!.all.find((frame) => frame.kind === "FlowsChanged" && frame.flow === FLOW),
      "title",
    );
    // What changes nothing is told to nobody.
    await send(runtime.url, "PUT", path, {
      headers: { ...owner, "if-match": String(answer.headers.etag) },
      body: { ...(json as object), settings: { title: "Other" } },
    });
    one!.say({ kind: "Ping" });
    await one!.until(() => one!.all.some((frame) => frame.kind === "Pong"), "Pong");
    expect(saved(one!)).toHaveLength(1);
    expect(saved(elsewhere!)).toEqual([]);
  });

  it("tell every tab when a line of the list says something else, and not with every save", async () => {
    const runtime = await start();
    const owner = await signIn(runtime);
    const tab = await StudioTab.connect(runtime, owner);
    const path = `/api/flows/${FLOW}/draft`;
    const { json, headers } = await send(runtime.url, "GET", path, { headers: owner });
    let etag = String(headers.etag);
    for (const content of ["one", "two", "three"]) {
      const flow = { a: { sendRequest: { kind: "BotText", content } } };
      const body = { ...(json as object), flow };
      etag = String(
        (await send(runtime.url, "PUT", path, { headers: { ...owner, "if-match": etag }, body })).headers.etag,
      );
    }
    await send(runtime.url, "PUT", path, { headers: { ...owner, "if-match": etag }, body: json });
    tab.say({ kind: "Ping" });
    await tab.until(() => tab.all.some((frame) => frame.kind === "Pong"), "Pong");
    // It came to differ from what is live, and then no longer did.
    expect(tab.all.filter((frame) => frame.kind === "FlowsChanged")).toHaveLength(2);
  });
});

describe("[P15] who may connect", () => {
  it("a session's cookie and the server's own origin, port included; no token, no other page", async () => {
    const runtime = await start();
    const owner = await signIn(runtime);
    const own = new URL(runtime.url);
    const connect = (headers: Record<string, string | undefined>) =>
      StudioTab.connect(
        runtime,
        Object.fromEntries(Object.entries(headers).filter(([, v]) => v !== undefined)) as Identity,
      );
    await connect(owner);
    const { cookie } = owner;
    // Other origins are in the table of all sockets, api/origins.test.ts.
    await expect(connect({ cookie })).rejects.toThrow("403");
    await expect(connect({ origin: own.origin })).rejects.toThrow("401");
    await expect(connect({ origin: own.origin, cookie: `${cookie}x` })).rejects.toThrow("401");
    const bearer = token(runtime, ["flows:read", "flows:write"]).identity;
    await expect(connect({ ...bearer, origin: own.origin })).rejects.toThrow("401");
    await expect(connect({ ...owner, host: "evil.example" })).rejects.toThrow("421");
  });

  it("a frame of another shape, or too many, close it", async () => {
    const runtime = await start();
    const owner = await signIn(runtime);
    for (const frame of ["{", "[]", '{"kind":"Look","flow":{}}', '{"kind":"Nonsense"}', '{"kind":"Look","x":1}']) {
      const tab = await StudioTab.connect(runtime, owner);
      tab.say(frame);
      expect((await tab.whenClosed()).code, frame).toBe(4400);
    }
    const tab = await StudioTab.connect(runtime, owner);
    for (let i = 0; i < 200; i++) tab.say({ kind: "Ping" });
    expect((await tab.whenClosed()).code).toBe(4429);
  });
});

describe("the session's end closes its sockets", () => {
  it("signing out: of that session only", async () => {
    const runtime = await start();
    const [one, two] = [await signIn(runtime), await signIn(runtime)];
    const [gone, stays] = [await StudioTab.connect(runtime, one), await StudioTab.connect(runtime, two)];
    await send(runtime.url, "DELETE", "/api/session", { headers: one });
    expect((await gone.whenClosed()).code).toBe(4401);
    stays.say({ kind: "Ping" });
    await stays.until(() => stays.all.some((frame) => frame.kind === "Pong"), "Pong");
  });

  it("a role changed by the owner, and one changed by another process on the same folder", async () => {
    const folder = scratch();
    cleanup.push(() => folder.dispose());
    const dataDir = join(folder.path, "data");
    const runtime = await start(dataDir);
    const owner = await signIn(runtime);
    const ada = await StudioTab.connect(runtime, await person(runtime, "Ada"));
    await send(runtime.url, "PATCH", "/api/users/Ada", { headers: owner, body: { role: "viewer" } });
    expect((await ada.whenClosed()).code).toBe(4401);
    const bob = await StudioTab.connect(runtime, await person(runtime, "Bob"));
    const io = {
      stdout: () => undefined,
      password: async () => "",
      env: { DATA_DIR: dataDir },
      cwd: "/",
      now: Date.now,
    };
    await runUsers(["role", "bob", "viewer"], io);
    expect((await bob.whenClosed()).code).toBe(4401);
  });

  it("[P9] a drain says come back, with a time", async () => {
    const runtime = await start();
    const tab = await StudioTab.connect(runtime, await signIn(runtime));
    await runtime.drain();
    const { code, reason } = await tab.whenClosed();
    expect([code, /^retry-after=\d+$/.test(reason)]).toEqual([1012, true]);
  });
});
