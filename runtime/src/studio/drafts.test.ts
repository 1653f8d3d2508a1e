import type { Draft } from "@parley/shared/api/flows";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { pack } from "./blobs.js";
import { packDraft } from "./drafts.js";
import { StudioStore } from "./store.js";

const DAY = 24 * 3_600_000;
let now: number;
let store: StudioStore;
let flow: number;
const draft = (content: string, more: Partial<Draft> = {}): Draft => ({
  flow: { a: { sendRequest: { kind: "BotText", content } } },
  layout: {},
  settings: {},
  ...more,
});
const save = async (one: Draft) => store.drafts.save(flow, await packDraft(one), { by: "Ada", at: now });

beforeEach(async () => {
  now = 1_800_000_000_000;
  store = new StudioStore(":memory:", () => now);
  flow = store.flows.add("x", now, 0).key;
  await save(draft("one"));
});
afterEach(() => store.close());

describe("a draft's states", () => {
  it("gives back what was saved, text of the JSON view included", async () => {
    const large = draft("é".repeat(60_000), { layout: { positions: { a: { x: 1, y: 2 } } }, text: '{"a":\u2028' });
    const state = await save(large);
    expect(JSON.parse(await store.drafts.json(state))).toEqual(large);
    const odd = draft("x", { flow: JSON.parse('{"__proto__":{"x":1},"2":1,"1":null,"":[]}') });
    expect(await store.drafts.json(await save(odd))).toBe(JSON.stringify(odd));
  });

  it("saves nothing new where nothing changed, and says which part did", async () => {
    const first = store.drafts.current(flow);
    expect((await save(draft("one"))).etag).toBe(first.etag);
    now += 1;
    await save(draft("one", { layout: { positions: { a: { x: 1, y: 1 } } } }));
    await save(draft("two", { layout: { positions: { a: { x: 1, y: 1 } } }, text: "{" }));
    expect(store.drafts.states(flow).map(({ state, parts, by }) => [state, parts, by])).toEqual([
      [3, ["flow", "text"], "Ada"],
      [2, ["layout"], "Ada"],
      [1, ["flow", "layout", "settings"], "Ada"],
    ]);
  });

  it("has another ETag for another content of the same number, as after an older backup", async () => {
    const other = new StudioStore(":memory:", () => now);
    const key = other.flows.add("x", now, 0).key;
    const state = other.drafts.save(key, await packDraft(draft("other")), { by: "Ada", at: now });
    expect([state.n, state.etag === store.drafts.current(flow).etag]).toEqual([1, false]);
    other.close();
  });

  it("[P17] thins by itself while it is saved, and forgets the texts that only old states had", async () => {
    const drawing = { layout: { positions: { a: { x: 1, y: 1 } } }, settings: { title: "T" }, text: "{" };
    for (let i = 0; i < 200; i++) {
      now += 2 * DAY;
      await save(draft(`text ${i}`, drawing));
    }
    expect(store.drafts.states(flow).length).toBeLessThan(100);
    now += 40 * DAY;
    store.drafts.thin(flow, now);
    const states = store.drafts.states(flow);
    expect(states.map(({ state }) => state)).toEqual([201]);
    expect(store.blobs.count).toBe(4);
    expect(JSON.parse(await store.drafts.json(store.drafts.current(flow)))).toEqual(draft("text 199", drawing));
  });

  it("finds the imported text again whenever the flow says the same", async () => {
    const text = '{"a" : {"sendRequest":{"kind":"BotText","content":"one"}}}';
    store.drafts.keepSource(flow, store.drafts.current(flow).json, await pack(text));
    expect(await store.drafts.source(store.drafts.current(flow))).toBe(text);
    expect(await store.drafts.source(await save(draft("two")))).toBeUndefined();
    expect(await store.drafts.source(await save(draft("one", { settings: { title: "T" } })))).toBe(text);
    now += 40 * DAY;
    await save(draft("three"));
    store.drafts.thin(flow, now);
    expect(await store.drafts.source(await save(draft("one")))).toBeUndefined();
  });
});
