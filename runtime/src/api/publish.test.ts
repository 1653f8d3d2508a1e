import { join } from "node:path";
import type { Draft, FlowSummary, Version, VersionList } from "@parley/shared/api/flows";
import { MAX_NOTE, type Published, type RefusedOrigins, type Running } from "@parley/shared/api/versions";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { EventLog } from "../log/event-log.js";
import { createMemoryLog } from "../log/memory.js";
import type { Runtime } from "../runtime.js";
import { choose, V1Client } from "../testing/clients.js";
import { FLOWS, serve } from "../testing/server.js";
import { everyRole, type Identity, type Send, StudioTab, send, signIn, token } from "../testing/studio.js";

let runtime: Runtime;
let owner: Identity;
let log: EventLog;
beforeAll(async () => {
  log = createMemoryLog({ partitions: 1 });
  runtime = await serve(log, { argv: [join(FLOWS, "faq.json")] });
  owner = await signIn(runtime);
});
afterAll(() => runtime.drain());

const call = async <T>(method: string, path: string, more: Send = {}, status = 200): Promise<T> => {
  const answer = await send(runtime.url, method, `/api${path}`, { ...more, headers: { ...owner, ...more.headers } });
  expect(answer.status, `${method} ${path}: ${answer.text.slice(0, 500)}`).toBe(status);
  return answer.json as T;
};
const say = (content: string) => ({ a: { sendRequest: { kind: "BotText", content } } });
/** A flow of its own for each test. @returns its id */
const make = async (flow: object = say("one"), settings: object = {}): Promise<string> => {
  const from = { kind: "file", text: JSON.stringify(flow), settings };
  return (await call<FlowSummary>("POST", "/flows", { body: { from } }, 201)).id;
};
const draftOf = async (id: string): Promise<{ draft: Draft; etag: string }> => {
  const { json, headers } = await send(runtime.url, "GET", `/api/flows/${id}/draft`, { headers: owner });
  return { draft: json as Draft, etag: String(headers.etag) };
};
const edit = async (id: string, change: Partial<Draft>): Promise<void> => {
  const { draft, etag } = await draftOf(id);
  await call("PUT", `/flows/${id}/draft`, { body: { ...draft, ...change }, headers: { "if-match": etag } });
};
type Told = { code: string; live?: number; findings?: { code: string }[]; title: string };
const publish = async <T = Published>(id: string, over: number, status = 200, more: object = {}): Promise<T> => {
  const { etag } = await draftOf(id);
  const body = { from: { kind: "draft" }, over, note: `over ${over}`, ...more };
  return call<T>("POST", `/flows/${id}/versions`, { body, headers: { "if-match": etag } }, status);
};
const summary = (id: string) => call<FlowSummary>("GET", `/flows/${id}`);
const versions = async (id: string) => (await call<VersionList>("GET", `/flows/${id}/versions`)).versions;

describe("publishing", () => {
  it("makes the draft a version with author, time, digest, note and origin, with its settings", async () => {
    const id = await make(say("one"), { title: "Shop", origins: ["https://shop.example"] });
    expect(await summary(id)).toMatchObject({ changed: true });
    expect(await publish(id, 0)).toMatchObject({ version: 1, hints: [] });
    expect(await summary(id)).toMatchObject({ changed: false, live: { version: 1, by: "Owner", from: "studio" } });
    const [one] = await versions(id);
    expect(one).toMatchObject({ id: "1", version: 1, live: true, by: "Owner", from: "studio", note: "over 0" });
    expect(one!.digest).toMatch(/^[0-9a-f]{64}$/);
    expect(Date.parse(one!.at)).toBeGreaterThan(Date.now() - 60_000);
    expect(await call<Version>("GET", `/flows/${id}/versions/1`)).toMatchObject({
      flow: say("one"),
      settings: { title: "Shop", origins: ["https://shop.example"] },
    });
    await edit(id, { flow: say("two") });
    expect(await publish(id, 1)).toMatchObject({ version: 2 });
    // The first is what it was.
    expect((await call<Version>("GET", `/flows/${id}/versions/1`)).flow).toEqual(say("one"));
    expect((await versions(id)).map(({ id, live }) => [id, live])).toEqual([
      ["2", true],
      ["1", false],
    ]);
  });

  it("makes the flow's public page, which shows nothing of the draft since and goes when it is taken down", async () => {
    const page = async (id: string) => {
      const { status, text } = await send(runtime.url, "GET", `/c/${id}`);
      return [status, /<title>(.*)<\/title>/.exec(text)?.[1]];
    };
    const id = await make(say("one"), { title: "Shop" });
    const gone = [404, "No conversation here"];
    expect(await page(id)).toEqual(gone);
    await publish(id, 0);
    expect(await page(id)).toEqual([200, "Shop"]);
    await edit(id, { settings: { title: "Secret" } });
    expect(await page(id)).toEqual([200, "Shop"]);
    await call("POST", `/flows/${id}/unpublish`, { body: { over: 1 } });
    expect(await page(id)).toEqual(gone);
  });

  it("is refused on errors, with the findings, and tells hints", async () => {
    const id = await make({ a: { sendRequest: { kind: "BotText", content: "x" }, next: "gone" } });
    const refused = await publish<Told>(id, 0, 422);
    expect(refused).toMatchObject({ code: "has-problems", findings: [{ code: "next-missing" }] });
    expect(refused.title).toMatch(/cannot be published/);
    expect(await versions(id)).toEqual([]);
    const hinted = await make({ ...say("x"), lost: { sendRequest: { kind: "BotText", content: "never" } } });
    expect((await publish(hinted, 0)).hints.map(({ code }) => code)).toContain("unreachable");
  });

  it("is refused while the text of the file cannot be read, and while nothing differs", async () => {
    const id = await make();
    await edit(id, { text: "{ not json" });
    expect(await publish<Told>(id, 0, 422)).toMatchObject({ code: "unreadable-text" });
    await edit(id, { text: undefined as never });
    await publish(id, 0);
    expect(await publish<Told>(id, 1, 409)).toMatchObject({ code: "nothing-new" });
    await edit(id, { settings: { title: "Named" } });
    expect(await publish(id, 1)).toMatchObject({ version: 2 });
  });

  it("needs the draft it was made of, and the version that was live then", async () => {
    const id = await make();
    const body = { from: { kind: "draft" }, over: 0, note: "" };
    expect(await call("POST", `/flows/${id}/versions`, { body }, 428)).toMatchObject({ code: "match-required" });
    const { etag } = await draftOf(id);
    await edit(id, { flow: say("newer") });
    const stale = await call("POST", `/flows/${id}/versions`, { body, headers: { "if-match": etag } }, 412);
    expect(stale).toMatchObject({ code: "changed", etag: (await draftOf(id)).etag });
    expect(await publish<Told>(id, 3, 409)).toMatchObject({ code: "other-version", live: 0 });
    await publish(id, 0);
    await edit(id, { flow: say("next") });
    expect(await publish<Told>(id, 0, 409)).toMatchObject({ code: "other-version", live: 1 });
  });

  it("of many editors who publish at once one wins, and the others are told", async () => {
    const id = await make();
    const ends: number[] = [];
    for (let round = 0; round < 10; round++) {
      await edit(id, { flow: say(`round ${round}`) });
      const { etag } = await draftOf(id);
      const tries = Array.from({ length: 4 }, (_, i) =>
        send(runtime.url, "POST", `/api/flows/${id}/versions`, {
          headers: { ...owner, "if-match": etag },
          body: { from: { kind: "draft" }, over: round, note: `${i}` },
        }),
      );
      const answers = await Promise.all(tries);
      ends.push(...answers.map(({ status }) => status));
      for (const { status, json } of answers) {
        if (status !== 200)
          expect(json).toMatchObject({ code: expect.stringMatching(/^(other-version|nothing-new)$/) });
      }
      expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    }
    expect(ends).toHaveLength(40);
    expect(await versions(id)).toHaveLength(10);
  });

  it("of an act that another process was first with it tells by the log's order", async () => {
    const id = await make();
    await publish(id, 0);
    await edit(id, { flow: say("mine") });
    const other = { flow: id, json: say("theirs"), settings: {}, by: "person:Ada", note: "" };
    const append = log.control.append.bind(log.control);
    let raced: Promise<unknown> | undefined;
    log.control.append = async (records) => {
      log.control.append = append;
      raced = runtime.registry.publish(other, { id: "theirs", timestamp: new Date().toISOString() });
      await raced;
      return append(records);
    };
    expect(await publish<Told>(id, 1, 409)).toMatchObject({ code: "other-version", live: 2 });
    await raced;
    expect((await versions(id)).map(({ by, live }) => `${by} ${live}`)).toEqual(["Ada true", "Owner false"]);
  });

  it("by a token it comes from the command line, also by one that is bound to this flow", async () => {
    const id = await make();
    const { identity } = token(runtime, ["flows:write"], [id]);
    const body = { from: { kind: "file", text: JSON.stringify(say("from CI")) }, over: 0, note: "n".repeat(MAX_NOTE) };
    const answer = await send(runtime.url, "POST", `/api/flows/${id}/versions`, { headers: identity, body });
    expect(answer.status, answer.text).toBe(200);
    expect((await versions(id))[0]).toMatchObject({ from: "cli", by: expect.stringMatching(/^token /), live: true });
    const other = await make();
    expect((await send(runtime.url, "POST", `/api/flows/${other}/versions`, { headers: identity, body })).status).toBe(
      403,
    );
  });

  it("of a file takes what it says, and leaves a draft that somebody changed", async () => {
    const id = await make(say("one"), { title: "T" });
    await publish(id, 0);
    await edit(id, { flow: say("mine") });
    const file = (text: string, over: number, status = 200) =>
      call<Told>("POST", `/flows/${id}/versions`, { body: { from: { kind: "file", text }, over, note: "" } }, status);
    await file(JSON.stringify(say("theirs")), 1);
    expect(await call<Version>("GET", `/flows/${id}/versions/2`)).toMatchObject({
      flow: say("theirs"),
      settings: { title: "T" },
    });
    expect((await draftOf(id)).draft.flow).toEqual(say("mine"));
    expect(await summary(id)).toMatchObject({ changed: true });
    expect(await file("{ not json", 2, 422)).toMatchObject({ code: "has-problems" });
    expect(await file('{"a":{"sendRequest":{"kind":"BotText","content":"x"}},"a":1}', 2, 422)).toMatchObject({
      code: "has-problems",
    });
  });
});

describe("going back, and taking down", () => {
  it("an older version is live again as a new one, and the draft stays", async () => {
    const id = await make(say("one"), { origins: ["https://a.example"] });
    await publish(id, 0);
    await edit(id, { flow: say("two"), settings: {} });
    await publish(id, 1);
    const body = { from: { kind: "version", version: 1 }, over: 2, note: "Back to version 1" };
    expect(await call("POST", `/flows/${id}/versions`, { body })).toMatchObject({ version: 3 });
    expect((await versions(id))[0]).toMatchObject({ id: "3", live: true, back: 1, note: "Back to version 1" });
    const three = await call<Version>("GET", `/flows/${id}/versions/3`);
    expect(three).toMatchObject({ flow: say("one"), settings: { origins: ["https://a.example"] } });
    expect((await draftOf(id)).draft.flow).toEqual(say("two"));
    expect(await summary(id)).toMatchObject({ changed: true, live: { version: 3 } });
    const again = { ...body, over: 3 };
    expect(await call("POST", `/flows/${id}/versions`, { body: again }, 409)).toMatchObject({ code: "nothing-new" });
    const none = { ...body, from: { kind: "version", version: 9 }, over: 3 };
    expect(await call("POST", `/flows/${id}/versions`, { body: none }, 404)).toMatchObject({ code: "not-found" });
  });

  it("a flow is taken down once, by who knows what is live, and published again", async () => {
    const id = await make();
    const take = (over: number, status = 200) =>
      call<FlowSummary & Told>("POST", `/flows/${id}/unpublish`, { body: { over, note: "wrong" } }, status);
    expect(await take(0, 409)).toMatchObject({ code: "not-live" });
    await publish(id, 0);
    expect(await take(7, 409)).toMatchObject({ code: "other-version", live: 1 });
    const down = await take(1);
    expect(down.live).toBeUndefined();
    expect(down).toMatchObject({ changed: true, down: { version: 1, by: "Owner" } });
    expect(await take(1, 409)).toMatchObject({ code: "not-live" });
    expect((await versions(id)).map(({ live }) => live)).toEqual([false]);
    // The same flow once more is a version: now it is another that is live, namely none.
    expect(await publish<Told>(id, 1, 409)).toMatchObject({ code: "other-version", live: 0 });
    expect(await publish(id, 0)).toMatchObject({ version: 2 });
    expect((await summary(id)).down).toBeUndefined();
  });
});

describe("who may, and who hears of it", () => {
  it("viewers and operators may not publish", async () => {
    const id = await make();
    const { etag } = await draftOf(id);
    for (const [role, identity] of Object.entries(await everyRole(runtime))) {
      const body = { from: { kind: "draft" }, over: 0, note: role };
      const headers = { ...identity, "if-match": etag };
      const { status } = await send(runtime.url, "POST", `/api/flows/${id}/versions`, { headers, body });
      expect(status, role).toBe({ owner: 200, editor: 409, operator: 403, viewer: 403 }[role]);
    }
  });

  it("an archived flow is not published", async () => {
    const id = await make();
    await call("POST", `/flows/${id}/archive`);
    expect(await publish<Told>(id, 0, 409)).toMatchObject({ code: "archived" });
  });

  it("open tabs are told of each act", async () => {
    const id = await make();
    const tab = await StudioTab.connect(runtime, owner as Record<string, string>);
    const told = () => tab.all.filter((frame) => frame.kind === "FlowsChanged" && frame.flow === id).length;
    await publish(id, 0);
    await tab.until(() => told() > 0, "news of the version");
    const before = told();
    await call("POST", `/flows/${id}/unpublish`, { body: { over: 1 } });
    await tab.until(() => told() > before, "news of the end");
    await tab.close();
  });
});

describe("who is on a version", () => {
  it("is counted where it waits, by version", async () => {
    const ask = (question: string) => ({
      ask: {
        sendRequest: {
          kind: "ChoiceRequest",
          groupId: "g",
          question,
          choices: [{ itemId: "yes", content: "Yes" }],
        },
      },
      yes: { matchResponse: { kind: "ChoiceResponse", groupId: "g", itemId: "yes" } },
    });
    const id = await make(ask("one"));
    await publish(id, 0);
    const guests = [];
    for (let i = 0; i < 3; i++) guests.push(await V1Client.connect(`${runtime.wsUrl}chat/${id}`));
    await guests[0]!.seq(1);
    expect(await guests[0]!.send(choose("g", "yes"))).toMatchObject({ kind: "Ack" });
    await edit(id, { flow: ask("two") });
    await publish(id, 1);
    guests.push(await V1Client.connect(`${runtime.wsUrl}chat/${id}`));
    const expected = [
      { version: 2, running: 1, waits: [{ state: "ask", running: 1 }] },
      { version: 1, running: 2, waits: [{ state: "ask", running: 2 }] },
    ];
    await expect
      .poll(async () => (await call<Running>("GET", `/flows/${id}/running`)).versions, { timeout: 20_000 })
      .toEqual(expected);
    for (const guest of guests) await guest.close();
  });
});

describe("sites that were refused", () => {
  it("are told once the widget's loader asked, and not for a bare upgrade; those allowed since are left out", async () => {
    const id = await make(say("one"), { origins: ["https://allowed.example"] });
    await publish(id, 0);
    const refused = async () =>
      (await call<RefusedOrigins>("GET", `/flows/${id}/refused-origins`)).origins.map(
        ({ origin, count }) => `${origin} ${count}`,
      );
    const shop = "https://xn--bcher-kva.example";
    await expect(V1Client.connect(`${runtime.wsUrl}chat/${id}`, {}, { Origin: shop })).rejects.toThrow(/403/);
    expect(await refused()).toEqual([]);
    const load = (origin: string, headers = {}) =>
      send(runtime.url, "GET", `/widget/v1/${id}.json`, { headers: { origin, ...headers } });
    for (const origin of [shop, "https://other.example", shop]) expect((await load(origin)).status).toBe(403);
    expect((await load("https://allowed.example")).status).toBe(200);
    await load("https://image.example", { "sec-fetch-dest": "image", "sec-fetch-mode": "no-cors" });
    await load("https://b\u00fccher.example");
    expect(await refused()).toEqual([`${shop} 2`, "https://other.example 1"]);
    await edit(id, { settings: { origins: ["https://allowed.example", shop] } });
    await publish(id, 1);
    expect(await refused()).toEqual(["https://other.example 1"]);
    expect((await load(shop)).status).toBe(200);
  });
});
