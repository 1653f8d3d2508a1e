import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type {
  DraftStates,
  FlowList,
  FlowSummary,
  TemplateList,
  TestList,
  Version,
  VersionList,
} from "@parley/shared/api/flows";
import { check } from "@parley/shared/flow/check";
import type { Layout } from "@parley/shared/flow/layout";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createMemoryLog } from "../log/memory.js";
import type { Runtime } from "../runtime.js";
import { FLOWS, scratch, serve, writeFlows } from "../testing/server.js";
import { type Answered, type Identity, type Send, send, signIn, token } from "../testing/studio.js";

let runtime: Runtime;
let owner: Identity;
let now = Date.now();
const folder = scratch();
const SERVED = '{"a":   {"sendRequest":{"kind":"BotText","content":"served"}}}\r\n';

beforeAll(async () => {
  const [path] = writeFlows(folder.path, { served: {} });
  writeFileSync(path!, SERVED);
  writeFileSync(join(folder.path, "served.layout.json"), '{"positions":{"a":{"x":3,"y":4}}}');
  mkdirSync(join(folder.path, "served.tests"));
  writeFileSync(join(folder.path, "served.tests/happy.json"), '{"steps":[1]}');
  writeFileSync(join(folder.path, "served.tests/Bad Name.json"), "{}");
  const log = createMemoryLog({ partitions: 1 });
  runtime = await serve(log, { argv: [path!, join(FLOWS, "faq.json")], overrides: { now: () => now } });
  owner = await signIn(runtime);
});
afterAll(async () => {
  await runtime.drain();
  folder.dispose();
});

const call = async (method: string, path: string, more: Send = {}, status = 200): Promise<Answered> => {
  const answer = await send(runtime.url, method, `/api${path}`, { ...more, headers: { ...owner, ...more.headers } });
  expect(answer.status, `${method} ${path}: ${answer.text.slice(0, 500)}`).toBe(status);
  return answer;
};
const make = async (body: unknown, status = 201): Promise<FlowSummary> =>
  (await call("POST", "/flows", { body }, status)).json as FlowSummary;
const say = (content: string) => ({ a: { sendRequest: { kind: "BotText", content } } });
const draftOf = async (id: string) => {
  const { json, headers } = await call("GET", `/flows/${id}/draft`);
  return {
    draft: json as { flow: object; layout: object; settings: object; text?: string },
    etag: String(headers.etag),
  };
};
const put = (id: string, body: unknown, etag: string, status = 200) =>
  call("PUT", `/flows/${id}/draft`, { body, headers: { "if-match": etag } }, status);

describe("flows", () => {
  it("a blank flow is one message and has no finding; ids are made of titles and stay unique", async () => {
    const one = await make({ title: "Été à Paris", from: { kind: "blank" } });
    const two = await make({ title: "Été à Paris", from: { kind: "blank" } });
    expect([one.id, two.id, one.title]).toEqual(["ete-a-paris", "ete-a-paris-2", "Été à Paris"]);
    const { draft } = await draftOf(one.id);
    expect(Object.keys(draft.flow)).toHaveLength(1);
    expect(check(draft.flow)).toEqual([]);
    expect(await make({ id: one.id, from: { kind: "blank" } }, 409)).toMatchObject({ code: "flow-exists" });
    expect(await make({ id: "faq", from: { kind: "blank" } }, 409)).toMatchObject({ code: "flow-exists" });
    expect(await make({ id: "Not An Id", from: { kind: "blank" } }, 422)).toMatchObject({
      code: "invalid",
      errors: expect.arrayContaining([expect.objectContaining({ pointer: "/id" })]),
    });
  });

  it("begins from a template with its drawing, settings and tests", async () => {
    const { templates } = (await call("GET", "/templates")).json as TemplateList;
    expect(templates.length).toBeGreaterThanOrEqual(8);
    expect(templates[0]).toMatchObject({ id: "booking", name: "Book an appointment", title: "Studio Maren" });
    for (const template of templates) {
      // Its name says what it is for, and not who it is made for.
      expect(template.name, template.id).not.toBe(template.title);
      expect([template.greeting, template.states].every(Boolean), template.id).toBe(true);
      const { id } = await make({ from: { kind: "template", template: template.id } });
      const { draft } = await draftOf(id);
      expect(check(draft.flow).filter(({ severity }) => severity === "error")).toEqual([]);
      expect(draft.settings).toMatchObject({ title: template.title });
      expect(Object.keys((draft.layout as Layout).positions ?? {})).not.toEqual([]);
      const { tests } = (await call("GET", `/flows/${id}/tests`)).json as TestList;
      expect(tests.length).toBeGreaterThanOrEqual(2);
    }
    expect(await make({ from: { kind: "template", template: "nothing" } }, 404)).toMatchObject({ code: "not-found" });
  });

  it("imports a file byte for byte until an edit, and again after the edit is undone", async () => {
    const text = `\ufeff{ "b":${JSON.stringify(say("x").a)} ,"a":${JSON.stringify(say("y").a)}}`;
    const from = { kind: "file", text, name: "My Shop.json", settings: { title: "Shop" }, tests: { t: { steps: [] } } };
    const { id, draft: head } = await make({ from });
    expect([id, head.asImported]).toEqual(["my-shop", true]);
    const file = await call("GET", `/flows/${id}/file`);
    expect(file.text).toBe(text);
    expect(file.headers["content-disposition"]).toContain("my-shop.json");
    const { draft, etag } = await draftOf(id);
    const edited = await put(id, { ...draft, flow: { ...draft.flow, c: 1 } }, etag);
    const canonical = (await call("GET", `/flows/${id}/file`)).text;
    expect(canonical).toBe(`${JSON.stringify({ ...draft.flow, c: 1 }, null, 2)}\n`);
    await put(id, draft, String(edited.headers.etag));
    expect((await call("GET", `/flows/${id}/file`)).text).toBe(text);
    expect((await call("GET", `/flows/${id}/tests`)).json).toMatchObject({ tests: [{ name: "t" }] });
  });

  it("imports what is broken, and keeps the text of what is no flow", async () => {
    const broken = await make({ from: { kind: "file", text: '{"a":{"next":"nowhere"}}' } });
    expect((await draftOf(broken.id)).draft.flow).toEqual({ a: { next: "nowhere" } });
    const none = await make({ from: { kind: "file", text: "{oops" } });
    expect(none.draft.unparsed).toBe(true);
    expect((await draftOf(none.id)).draft.text).toBe("{oops");
  });

  it("renames the title for good and the id only while nothing was published", async () => {
    const { id } = await make({ from: { kind: "blank" } });
    const before = await draftOf(id);
    const renamed = (await call("PATCH", `/flows/${id}`, { body: { id: "renamed", title: "New" } }))
      .json as FlowSummary;
    expect([renamed.id, renamed.title]).toEqual(["renamed", "New"]);
    await call("GET", `/flows/${id}`, {}, 404);
    const after = await draftOf("renamed");
    expect(after.draft).toEqual({ ...before.draft, settings: { title: "New" } });
    expect(after.etag).not.toBe(before.etag);
    for (const [body, code] of [
      [{ id: "other" }, "published"],
      [{ id: "served" }, undefined],
    ] as const) {
      const answer = await call("PATCH", "/flows/served", { body }, code ? 409 : 200);
      if (code) expect(answer.json).toMatchObject({ code });
    }
    const clash = await call("PATCH", "/flows/renamed", { body: { id: "faq" } }, 409);
    expect(clash.json).toMatchObject({ code: "flow-exists" });
  });

  it("duplicates drawing, settings and tests into a flow of its own", async () => {
    const copy = (await call("POST", "/flows/served/duplicate", { body: {} }, 201)).json as FlowSummary;
    expect(copy).toMatchObject({ id: "served-2", title: "served (copy)", changed: true });
    expect((await draftOf(copy.id)).draft.layout).toEqual({ positions: { a: { x: 3, y: 4 } } });
    expect((await call("GET", `/flows/${copy.id}/tests/happy`)).json).toEqual({ steps: [1] });
    expect((await call("GET", `/flows/${copy.id}/file`)).text).toBe(SERVED);
    const { draft, etag } = await draftOf(copy.id);
    await put(copy.id, { ...draft, flow: say("mine") }, etag);
    expect((await draftOf("served")).draft.flow).not.toEqual(say("mine"));
  });

  it("archives out of the list, closed to edits, and restores", async () => {
    const { id } = await make({ from: { kind: "blank" } });
    const { draft, etag } = await draftOf(id);
    const list = async (query = "") => ((await call("GET", `/flows${query}`)).json as FlowList).flows.map((f) => f.id);
    await call("POST", `/flows/${id}/archive`);
    await call("POST", `/flows/${id}/archive`);
    expect([(await list()).includes(id), (await list("?archived=yes")).includes(id)]).toEqual([false, true]);
    expect((await put(id, draft, etag, 409)).json).toMatchObject({ code: "archived" });
    await call("PATCH", `/flows/${id}`, { body: { title: "x" } }, 409);
    const back = (await call("POST", `/flows/${id}/restore`)).json as FlowSummary;
    expect(back.archived).toBeUndefined();
    expect(await list()).toContain(id);
    await put(id, { ...draft, flow: say("again") }, etag);
    await call("GET", "/flows?archived=maybe", {}, 422);
    await call("GET", "/flows?other=1", {}, 422);
    await call("GET", "/flows?__proto__=1", {}, 422);
  });

  it("a token for some flows lists these", async () => {
    const { identity } = token(runtime, ["flows:read"], ["faq"]);
    const { json } = await send(runtime.url, "GET", "/api/flows", { headers: identity });
    expect((json as FlowList).flows.map(({ id }) => id)).toEqual(["faq"]);
  });
});

describe("drafts", () => {
  it("a served flow has a draft of the live version, with the drawing, the tests and the text beside the file", async () => {
    const summary = (await call("GET", "/flows/served")).json as FlowSummary;
    expect(summary).toMatchObject({
      changed: false,
      file: "served.json",
      live: { version: 1, from: "file", by: "served.json" },
      draft: { asImported: true, by: "served.json" },
    });
    expect((await draftOf("served")).draft).toEqual({
      flow: say("served"),
      layout: { positions: { a: { x: 3, y: 4 } } },
      settings: {},
    });
    expect((await call("GET", "/flows/served/file")).text).toBe(SERVED);
    expect((await call("GET", "/flows/served/tests")).json).toMatchObject({ tests: [{ name: "happy" }] });
  });

  it("saves what is broken", async () => {
    const { id } = await make({ from: { kind: "blank" } });
    let { etag } = await draftOf(id);
    for (const flow of [
      {},
      { a: null },
      { a: [1] },
      { "1": 1, "": { next: 3 } },
      JSON.parse('{"__proto__":{"x":1}}'),
    ]) {
      const body = { flow, layout: {}, settings: {}, text: "{" };
      etag = String((await put(id, body, etag)).headers.etag);
      expect(JSON.stringify((await draftOf(id)).draft)).toBe(JSON.stringify(body));
    }
  });

  it("a lost race is 412 and says what is current; without If-Match nothing is saved", async () => {
    const { id } = await make({ from: { kind: "blank" } });
    const { draft, etag } = await draftOf(id);
    const mine = await put(id, { ...draft, flow: say("first") }, etag);
    const lost = await put(id, { ...draft, flow: say("second") }, etag, 412);
    expect(lost.json).toMatchObject({ code: "changed", status: 412, etag: mine.headers.etag });
    expect(lost.headers.etag).toBe(mine.headers.etag);
    expect((await draftOf(id)).draft.flow).toEqual(say("first"));
    const current = String(mine.headers.etag);
    for (const header of [undefined, "*", "", current.slice(1, -1)]) {
      const answer = await call("PUT", `/flows/${id}/draft`, { body: draft, headers: { "if-match": header! } }, 428);
      expect(answer.json).toMatchObject({ code: "match-required" });
    }
    expect((await put(id, draft, `W/${current.slice(0, -2)}x"`, 412)).json).toMatchObject({ code: "changed" });
    await put(id, { ...draft, flow: say("second") }, `"other", ${current}`);
  });

  it("of two at once one is saved and the other is told", async () => {
    const { id } = await make({ from: { kind: "blank" } });
    const { draft, etag } = await draftOf(id);
    const bodies = ["one", "two", "three"].map((text) => ({ ...draft, flow: say(text.repeat(30_000)) }));
    const answers = await Promise.all(
      bodies.map((body) =>
        send(runtime.url, "PUT", `/api/flows/${id}/draft`, { body, headers: { ...owner, "if-match": etag } }),
      ),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 412, 412]);
    const won = bodies[answers.findIndex(({ status }) => status === 200)]!;
    expect((await draftOf(id)).draft).toEqual(won);
  });

  it("every saved state can be seen again, and is restored by saving it", async () => {
    const { id } = await make({ from: { kind: "blank" } });
    const first = await draftOf(id);
    now += 60_000;
    const second = await put(id, { ...first.draft, flow: say("later") }, first.etag);
    const { states } = (await call("GET", `/flows/${id}/draft/states`)).json as DraftStates;
    expect(states.map(({ state, parts, by }) => [state, parts, by])).toEqual([
      [2, ["flow"], "Owner"],
      [1, ["flow", "layout", "settings"], "Owner"],
    ]);
    const old = await call("GET", `/flows/${id}/draft/states/1`);
    expect([old.json, old.headers.etag]).toEqual([first.draft, first.etag]);
    await put(id, old.json, String(second.headers.etag));
    expect((await draftOf(id)).draft).toEqual(first.draft);
  });

  it("takes a flow of 5 MB there, and 64 KiB elsewhere; no nesting that no flow has", async () => {
    const { id } = await make({ from: { kind: "blank" } });
    const { draft, etag } = await draftOf(id);
    const many = Object.fromEntries(Array.from({ length: 5_000 }, (_, n) => [`s${n}`, say("x".repeat(950)).a]));
    const body = { ...draft, flow: many, text: JSON.stringify(many) };
    expect(JSON.stringify(many).length).toBeGreaterThan(4_900_000);
    const saved = await put(id, body, etag);
    expect((await draftOf(id)).draft).toEqual(body);
    const huge = { ...draft, flow: say("x".repeat(17 * 1024 * 1024)) };
    expect((await put(id, huge, String(saved.headers.etag), 413)).json).toMatchObject({ code: "too-large" });
    const test = { body: { x: "x".repeat(70_000) }, headers: { "if-none-match": "*" } };
    expect((await call("PUT", `/flows/${id}/tests/t`, test, 413)).json).toMatchObject({ code: "too-large" });
    const deep = JSON.parse(`${'{"a":'.repeat(100)}1${"}".repeat(100)}`);
    expect((await put(id, { ...draft, flow: deep }, String(saved.headers.etag), 422)).json).toMatchObject({
      code: "too-deep",
    });
    const bomb = `{"flow":${"[".repeat(200_000)}${"]".repeat(200_000)},"layout":{},"settings":{}}`;
    await call("PUT", `/flows/${id}/draft`, { raw: bomb, headers: { "if-match": String(saved.headers.etag) } }, 422);
    await call("PUT", `/flows/${id}/tests/t`, { raw: "{", headers: { "if-none-match": "*" } }, 400);
  });

  it("refuses a drawing or settings that are none, and settings too large to publish", async () => {
    const { id } = await make({ from: { kind: "blank" } });
    const { draft, etag } = await draftOf(id);
    for (const [body, pointer] of [
      [{ ...draft, layout: { positions: { a: { x: "1", y: 1 } } } }, "/layout/positions/a/x"],
      [{ ...draft, settings: { title: 7 } }, "/settings/title"],
      [{ ...draft, other: 1 }, ""],
      [{ ...draft, flow: [] }, "/flow"],
    ] as const) {
      const { json } = await put(id, body, etag, 422);
      expect(json).toMatchObject({
        code: "invalid",
        errors: expect.arrayContaining([expect.objectContaining({ pointer })]),
      });
    }
    const strings = Object.fromEntries(Array.from({ length: 60 }, (_, n) => [`key${n}`, "x".repeat(290)]));
    await put(id, { ...draft, settings: { appearance: { strings } } }, etag, 413);
  });
});

describe("tests beside a flow", () => {
  it("are made, changed and removed, each from what was read", async () => {
    const { id } = await make({ from: { kind: "blank" } });
    const path = `/flows/${id}/tests/happy`;
    await call("PUT", path, { body: { steps: [] } }, 428);
    await call("PUT", path, { body: {}, headers: { "if-match": '"x"' } }, 404);
    const made = await call("PUT", path, { body: { steps: [1] }, headers: { "if-none-match": "*" } });
    expect((await call("PUT", path, { body: {}, headers: { "if-none-match": "*" } }, 412)).json).toMatchObject({
      code: "changed",
      etag: made.headers.etag,
    });
    now += 1;
    const changed = await call("PUT", path, {
      body: { steps: [2] },
      headers: { "if-match": String(made.headers.etag) },
    });
    await call("PUT", path, { body: { steps: [3] }, headers: { "if-match": String(made.headers.etag) } }, 412);
    expect((await call("GET", path)).json).toEqual({ steps: [2] });
    await call("DELETE", path, {}, 428);
    await call("DELETE", path, { headers: { "if-match": String(made.headers.etag) } }, 412);
    await call("DELETE", path, { headers: { "if-match": String(changed.headers.etag) } }, 204);
    await call("GET", path, {}, 404);
    await call("PUT", path, { body: [1], headers: { "if-none-match": "*" } }, 422);
  });
});

describe("versions", () => {
  it("are listed with where they came from, and read with their flow", async () => {
    const { versions } = (await call("GET", "/flows/served/versions")).json as VersionList;
    expect(versions).toMatchObject([{ id: "1", version: 1, live: true, by: "served.json", from: "file" }]);
    const one = (await call("GET", "/flows/served/versions/1")).json as Version;
    expect(one).toMatchObject({ id: "1", flow: say("served"), settings: {} });
    await call("GET", "/flows/served/versions/2", {}, 404);
    await call("GET", "/flows/served/versions/u1", {}, 404);
  });
});
