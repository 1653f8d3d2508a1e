import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, expect, it } from "vitest";
import { createMemoryLog } from "../log/memory.js";
import { FLOWS, serve } from "../testing/server.js";
import { send, signIn } from "../testing/studio.js";

const cleanup: (() => unknown)[] = [];
afterEach(async () => {
  for (const step of cleanup.splice(0).reverse()) await step();
});

const BASE = "/api/flows/bot-assistant";
const TEXT = readFileSync(join(FLOWS, "bot-assistant.json"), "utf8");
const STEPS = [
  { expect: "What programming language do you use in your hobby projects?", state: "langChoices" },
  { say: "Other", to: "langChoices", item: "other" },
];

it("what a draft renames is renamed in its tests with the same save, and in no others", async () => {
  const runtime = await serve(createMemoryLog({ partitions: 1 }));
  cleanup.push(() => runtime.drain());
  const headers = await signIn(runtime);
  const put = (path: string, body: unknown, match: Record<string, string>) =>
    send(runtime.url, "PUT", `${BASE}${path}`, { headers: { ...headers, ...match }, body });
  const isNew = { "if-none-match": "*" };
  for (const [name, body] of [
    ["zig", { steps: STEPS }],
    ["start", { steps: [{ expect: "Hi", state: "greetings" }] }],
    ["odd", { anything: 1 }],
  ] as const) {
    expect((await put(`/tests/${name}`, body, isNew)).status).toBe(200);
  }
  const test = async (name: string) => send(runtime.url, "GET", `${BASE}/tests/${name}`, { headers });
  const before = await Promise.all(["start", "odd"].map(async (name) => (await test(name)).headers.etag));
  const draft = await send(runtime.url, "GET", `${BASE}/draft`, { headers });
  const flow = JSON.parse(
    TEXT.replaceAll('"lang"', '"language"').replaceAll('"other"', '"else"').replaceAll('"langChoices"', '"ask"'),
  );
  const renames = [
    { kind: "renameGroup", from: "lang", to: "language" },
    { kind: "renameItem", group: "language", from: "other", to: "else" },
    { kind: "renameState", from: "langChoices", to: "ask" },
  ];
  const body = { flow, layout: {}, settings: {}, renames };
  // A save that does not come to pass renames nothing.
  expect((await put("/draft", body, { "if-match": '"other"' })).status).toBe(412);
  expect((await test("zig")).json).toEqual({ steps: STEPS });
  const saved = await put("/draft", body, { "if-match": String(draft.headers.etag) });
  expect(saved.status, saved.text).toBe(200);
  expect((await test("zig")).json).toEqual({
    steps: [
      { ...STEPS[0], state: "ask" },
      { say: "Other", to: "ask", item: "else" },
    ],
  });
  expect(await Promise.all(["start", "odd"].map(async (name) => (await test(name)).headers.etag))).toEqual(before);
  // It is no part of the draft.
  expect(Object.keys((await send(runtime.url, "GET", `${BASE}/draft`, { headers })).json as object)).not.toContain(
    "renames",
  );
});
