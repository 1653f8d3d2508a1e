import type { ConversationList } from "@parley/shared/api/conversations";
import { FramesSchema } from "@parley/shared/protocol/schema";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createMemoryLog } from "../log/memory.js";
import { readBareFrame, readFrame } from "../proxy/frames.js";
import type { Runtime } from "../runtime.js";
import { PAGES, TABLE } from "../testing/access-table.js";
import { choose, V1Client } from "../testing/clients.js";
import { eventually } from "../testing/eventually.js";
import { everything } from "../testing/log-readers.js";
import { serve } from "../testing/server.js";
import { type Identity, StudioTab, send, signIn } from "../testing/studio.js";
import { enter, say } from "../testing/survey.js";

const FLOW = "bot-assistant";
let runtime: Runtime;
let owner: Identity;
beforeAll(async () => {
  runtime = await serve(createMemoryLog({ partitions: 1 }), { env: { LIMITS: "off" } });
  owner = await signIn(runtime);
});
afterAll(() => runtime.drain());
const get = (path: string) => send(runtime.url, "GET", path, { headers: owner });

/** What each field of a frame is given in its place: another kind of value, and what a query language reads. */
const STRANGE: readonly unknown[] = [
  { $ne: null },
  { $gt: "" },
  { toString: "x" },
  ["a"],
  [["a"]],
  null,
  true,
  false,
  Number.MAX_VALUE,
  1.5,
  -1,
  {},
];

// Elsewhere an object where a text was expected, or a text with a quote, was part of a query: CVE-2025-21628,
// CVE-2021-22911, CVE-2026-30833.
describe("[P15] [query injection]", () => {
  const FRAMES: readonly Record<string, unknown>[] = [
    { kind: "Hello", token: "t", after: { seq: 1, id: "x" }, page: "p", jwt: "j", ticket: "t" },
    { kind: "Identify", id: "x", jwt: "j" },
    { kind: "SignOut", token: "t" },
    { kind: "Typing" },
    { kind: "Ping" },
    { kind: "Send", id: "x", re: 1, message: { kind: "UserText", sessionId: "s", content: "c" } },
    { kind: "Send", id: "x", re: 1, message: { kind: "ChoiceResponse", groupId: "g", itemId: "i" } },
    { kind: "Send", id: "x", message: { kind: "ResetSession" } },
    { kind: "SetVariables", id: "x", values: { a: "b" } },
  ];
  const clone = (frame: object) => JSON.parse(JSON.stringify(frame)) as Record<string, unknown>;
  /** Every field of a frame and of what is in it, with the object that holds it. */
  const fieldsOf = (frame: Record<string, unknown>): [Record<string, unknown>, string][] =>
    Object.entries(frame).flatMap(([name, value]): [Record<string, unknown>, string][] => [
      [frame, name],
      ...(typeof value === "object" && value !== null ? fieldsOf(value as Record<string, unknown>) : []),
    ]);
  /** Every value that is no object and no list, wherever it is. */
  const leaves = (value: unknown): unknown[] =>
    typeof value === "object" && value !== null ? Object.values(value).flatMap(leaves) : [value];

  it("every frame of the protocol is tried", () => {
    const kinds = JSON.stringify(FramesSchema).match(
      /"const":"(Hello|Identify|SignOut|Typing|Ping|Send|SetVariables)"/g,
    );
    expect(new Set(FRAMES.map(({ kind }) => `"const":"${kind}"`))).toEqual(new Set(kinds));
  });

  it("a field of another type is no frame, or is left out", () => {
    for (const frame of FRAMES) {
      const sound = readFrame(JSON.stringify(frame));
      expect("bad" in sound, JSON.stringify(frame)).toBe(false);
      const count = fieldsOf(clone(frame)).length;
      for (let n = 0; n < count; n++) {
        for (const strange of STRANGE) {
          const changed = clone(frame);
          const [holder, name] = fieldsOf(changed)[n]!;
          holder[name] = strange;
          const read = readFrame(JSON.stringify(changed));
          if ("bad" in read) continue;
          const text = JSON.stringify(read);
          // Names that the page sets are any.
          if (name !== "values") expect(text, JSON.stringify(changed)).not.toMatch(/\$ne|\$gt|toString/);
          for (const leaf of leaves(read)) {
            expect(typeof leaf === "string" || Number.isSafeInteger(leaf), JSON.stringify(changed)).toBe(true);
          }
        }
      }
    }
    for (const strange of STRANGE) {
      for (const name of ["groupId", "itemId"]) {
        const read = readBareFrame(
          JSON.stringify({ kind: "ChoiceResponse", groupId: "g", itemId: "i", [name]: strange }),
        );
        if (!("bad" in read)) expect(leaves(read).every((leaf) => typeof leaf === "string")).toBe(true);
      }
    }
  });

  it("a text of a query finds what it says and nothing else", async () => {
    const guest = await enter(runtime, FLOW);
    await say(guest, choose("lang", "go"));
    const count = async (asked: string) => {
      const answer = await get(`/api/conversations?flow=${FLOW}&${asked}`);
      expect([200, 422], `${asked}: ${answer.text}`).toContain(answer.status);
      return answer.status === 422 ? 0 : (answer.json as ConversationList).conversations.length;
    };
    await eventually(async () => expect(await count("text=go")).toBe(1));
    const attacks = [
      "' OR 1=1 --",
      "') OR ('1'='1",
      "x'; DROP TABLE conversation; --",
      '" OR ""="',
      "1 UNION SELECT secret FROM webhook",
      "go' AND 1=1 AND ''='",
      "zzz* OR go",
      "NEAR(go 1)",
      "words : go NOT go",
      "{$ne:null}",
    ];
    for (const asked of attacks.map(encodeURIComponent)) {
      for (const name of ["text", "status", "waits", "person", "from", "to", "version", "after", "limit"]) {
        expect(await count(`${name}=${asked}`), `${name}: ${asked}`).toBe(0);
      }
      expect((await get(`/api/conversations?flow=${asked}`)).status).toBe(422);
      expect((await get(`/api/conversations?text[$ne]=${asked}`)).status).toBe(422);
      expect((await get(`/api/conversations?text=go&text=${asked}`)).status).toBe(422);
    }
    expect(await count("text=go")).toBe(1);
  });
});

// Elsewhere a name in what was read was one of every object's: GHSA-xp9c-82x8-7f67.
describe("[P15] [prototype pollution]", () => {
  const NAMES = ["__proto__", "constructor", "prototype"] as const;
  /** Written as text: to JavaScript itself `__proto__` is no field. */
  const poisons = NAMES.flatMap((name) => [
    `"${name}":{"polluted":"yes"}`,
    `"${name}":{"prototype":{"polluted":"yes"}}`,
    `"x":{"${name}":{"polluted":"yes"}}`,
  ]);
  const clean = (what: string) => {
    expect(({} as { polluted?: unknown }).polluted, what).toBeUndefined();
    expect(([] as { polluted?: unknown }).polluted, what).toBeUndefined();
    expect((() => 0) as unknown as { polluted?: unknown }, what).not.toHaveProperty("polluted");
    expect(Object.keys(Object.prototype), what).toEqual([]);
  };

  it.each(poisons)(
    "a flow, a draft, settings, tests, frames and variables with %s change nothing but themselves",
    async (poison) => {
      const flow = `{"a":{"sendRequest":{"kind":"BotText","content":"x"},${poison}},${poison}}`;
      const id = `poisoned-${poisons.indexOf(poison)}`;
      const post = (method: string, path: string, raw: string, more: Identity = {}) =>
        send(runtime.url, method, path, { headers: { ...owner, ...more, "content-type": "application/json" }, raw });
      const body = JSON.stringify({ id, from: { kind: "file", text: flow } });
      const made = await post("POST", "/api/flows", body);
      clean("a flow that is imported");
      expect(made.status, made.text).toBe(201);
      const draft = await get(`/api/flows/${id}/draft`);
      const etag = { "if-match": String(draft.headers.etag) };
      for (const [what, method, path, raw, more] of [
        [
          "a draft",
          "PUT",
          `/api/flows/${id}/draft`,
          `{"flow":${flow},"layout":{${poison}},"settings":{${poison}}}`,
          etag,
        ],
        ["a draft's own fields", "PUT", `/api/flows/${id}/draft`, `{${poison},"flow":{}}`, etag],
        ["a test", "PUT", `/api/flows/${id}/tests/one`, `{${poison}}`, { "if-none-match": "*" }],
        ["a version", "POST", `/api/flows/${id}/versions`, `{${poison},"note":"","over":0}`, {}],
        ["a person", "POST", "/api/users", `{${poison},"name":"x","role":"viewer"}`, {}],
      ] as const) {
        const { status } = await post(method, path, raw, more);
        expect(status, what).toBeLessThan(500);
        clean(what);
      }
      const guest = await V1Client.connect(`${runtime.wsUrl}chat/${FLOW}`);
      await guest.seq(2);
      guest.ws.send(`{"kind":"SetVariables","id":"v","values":{${poison.replace(/\{.*\}$/, '"yes"')}}}`);
      guest.ws.send(`{"kind":"SetVariables","id":"w","values":{${poison}}}`);
      guest.ws.send(
        `{"kind":"Send","id":"s","message":{"kind":"UserText","sessionId":"s","content":"c",${poison}},${poison}}`,
      );
      expect((await guest.send(choose("lang", "go"))).kind).toBe("Ack");
      const tab = await StudioTab.connect(runtime, owner);
      tab.say(`{"kind":"Look",${poison}}`);
      await tab.whenClosed();
      clean("frames");
      expect(JSON.stringify(await everything(runtime.log))).not.toMatch(/"__proto__":\{/);
      guest.ws.terminate();
    },
  );
});

// Elsewhere whoever was sent to an address said which: CVE-2024-30264.
it("[P15] [javascript address] no answer leads to an address that was asked for", async () => {
  const away = ["javascript:alert(1)", "//evil.example", "https://evil.example", "/\\evil.example", "data:text/html,x"];
  const paths = [...PAGES, ...Object.keys(TABLE)]
    .filter((route) => route.startsWith("GET "))
    .map((route) =>
      route
        .slice(4)
        .replace("{/*path}", "/login")
        .replace("{flow}", FLOW)
        .replace(/\{\w+\}/g, "x"),
    );
  for (const path of new Set(paths)) {
    for (const to of away) {
      const asked = encodeURIComponent(to);
      for (const one of [`${path}?next=${asked}&url=${asked}&redirect=${asked}`, `${path}/${to}`, `/${to}${path}`]) {
        if (/[\s\\]/.test(one)) continue;
        const { status, headers } = await get(one);
        expect([headers.location, status >= 300 && status < 400], one).toEqual([undefined, false]);
      }
    }
  }
});
