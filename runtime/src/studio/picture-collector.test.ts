import type { Draft } from "@parley/shared/api/flows";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Version } from "../registry/registry.js";
import { gif, png } from "../testing/sample-pictures.js";
import { pack } from "./blobs.js";
import { packDraft } from "./drafts.js";
import type { FlowRow } from "./flow-rows.js";
import { GRACE, PictureCollector } from "./picture-collector.js";
import { PictureShelf } from "./picture-shelf.js";
import { StudioStore } from "./store.js";

let now: number;
let store: StudioStore;
let flow: FlowRow;
let shelf: PictureShelf;
let collector: PictureCollector;
let published: { version: Version; text: string }[];
let complete: boolean;
beforeEach(() => {
  now = 1_800_000_000_000;
  store = new StudioStore(":memory:", () => now);
  flow = store.flows.add("x", now, 0);
  shelf = new PictureShelf({ store, room: { flow: 1e9, server: 1e9 }, now: () => now });
  [published, complete] = [[], true];
  const registry = {
    get complete() {
      return complete;
    },
    flows: () => [...new Set(published.map(({ version }) => version.flow))],
    versions: (id: string) => published.map(({ version }) => version).filter((one) => one.flow === id),
    text: (of: Pick<Version, "flow" | "version">) => published[of.version - 1]?.text,
  };
  collector = new PictureCollector({ store, registry, now: () => now });
});
afterEach(() => store.close());

const take = (bytes = png()): string => shelf.take(bytes, { flow, by: "Ada" }).name;
const there = (name: string): boolean => shelf.bytes(name) !== undefined;
const draft = (content: string, more: Partial<Draft> = {}): Draft => ({
  flow: { a: { sendRequest: { kind: "BotText", content } } },
  layout: {},
  settings: {},
  ...more,
});
const save = async (one: Draft) => store.drafts.save(flow.key, await packDraft(one), { by: "Ada", at: now });
const image = (name: string) => `<img src="/assets/${name}" alt="A cat">`;
const publish = (text: string, settings = {}) => {
  const version = {
    flow: "x",
    version: published.length + 1,
    digest: "d",
    settings,
    by: "person:Ada",
    note: "",
    at: "",
  };
  published.push({ version, text });
};
/** So long that a picture goes which nothing names, and twice the look that sees it. */
const later = async (): Promise<string[]> => {
  const gone = await collector.collect();
  now += GRACE;
  return [...gone, ...(await collector.collect())];
};

describe("a picture that nothing names", () => {
  it("stays for its grace after it was uploaded, and then goes", async () => {
    const name = take();
    now += GRACE - 1;
    expect(await collector.collect()).toEqual([]);
    expect(there(name)).toBe(true);
    now += 1;
    expect(await collector.collect()).toEqual([name]);
    expect([there(name), store.pictures.all(), store.pictures.totalBytes()]).toEqual([false, [], 0]);
    // It may come again.
    expect(there(take())).toBe(true);
  });

  it("begins its grace anew when it is uploaded again, and when it is about to be published", async () => {
    const name = take();
    now += GRACE - 1;
    take();
    now += GRACE - 1;
    shelf.hold([image(name)]);
    now += GRACE - 1;
    expect(await collector.collect()).toEqual([]);
    now += 1;
    expect(await collector.collect()).toEqual([name]);
  });

  it("begins it when the last that named it has gone, not when it was uploaded", async () => {
    const name = take();
    await save(draft(image(name)));
    expect(await later()).toEqual([]);
    now += 40 * GRACE;
    await save(draft("none"));
    store.drafts.thin(flow.key, now + 40 * GRACE);
    expect(await collector.collect()).toEqual([]);
    now += GRACE - 1;
    expect(await collector.collect()).toEqual([]);
    now += 1;
    expect(await collector.collect()).toEqual([name]);
  });
});

describe("a picture stays while something names it:", () => {
  it.each<[string, (name: string) => Promise<unknown> | unknown]>([
    ["the draft", (name) => save(draft(image(name)))],
    [
      "the bot's picture in the draft's settings",
      (name) => save(draft("x", { settings: { appearance: { avatar: `/assets/${name}` } } })),
    ],
    ["a text that does not parse", (name) => save(draft("x", { text: `{"a": ${image(name)}` }))],
    [
      "the text that the flow came with",
      async (name) => {
        const state = await save(draft("x"));
        const text = await pack(`{"a":"\\/assets\\/${name}"}`);
        store.transaction(() => store.drafts.keepSource(flow.key, state.json, text));
      },
    ],
    [
      "a kept state of the draft",
      async (name) => {
        await save(draft(image(name)));
        await save(draft("none"));
      },
    ],
    [
      "a version of a served file that waits",
      async (name) => {
        const [json, settings] = await Promise.all([pack(image(name)), pack("{}")]);
        store.held.add(flow.key, { json, settings, by: "file:x", note: "", at: now, against: 1 });
      },
    ],
    ["a published version", (name) => publish(JSON.stringify(draft(image(name)).flow))],
    [
      "an older published version, whose conversations may run",
      (name) => {
        publish(JSON.stringify(draft(image(name)).flow));
        publish(JSON.stringify(draft("two").flow));
      },
    ],
    [
      "the bot's picture of a published version",
      (name) => publish("{}", { appearance: { avatar: `/assets/${name}` } }),
    ],
    [
      "what visitors see of a person",
      (name) => {
        store.people.add({ id: "ada", name: "Ada", role: "operator", password: null, created: now });
        store.profiles.set("ada", { picture: name });
      },
    ],
  ])("%s", async (_name, use) => {
    const [named, other] = [take(), take(gif())];
    await use(named);
    expect(await later()).toEqual([other]);
    now += 100 * GRACE;
    expect(await collector.collect()).toEqual([]);
    expect(there(named)).toBe(true);
  });

  it("the picture of a person until he has another, or is not there any more", async () => {
    const [one, two] = [take(), take(gif())];
    store.people.add({ id: "ada", name: "Ada", role: "operator", password: null, created: now });
    store.profiles.set("ada", { name: "Ada L.", picture: one });
    expect(await later()).toEqual([two]);
    store.profiles.set("ada", { name: "Ada L." });
    expect(await later()).toEqual([one]);
    const again = take();
    store.profiles.set("ada", { picture: again });
    expect(await later()).toEqual([]);
    store.people.remove("ada");
    expect(await later()).toEqual([again]);
  });

  it("also one that is uploaded after what names it", async () => {
    const name = take();
    store.pictures.remove(name);
    await save(draft(image(name)));
    expect(shelf.find([image(name)]).missing).toEqual([name]);
    take();
    expect(await later()).toEqual([]);
  });

  it("something that is saved or published while it looks", async () => {
    const [saved, out] = [take(), take(gif())];
    publish("{}");
    now += GRACE;
    const looking = collector.collect();
    await save(draft(image(saved)));
    publish(image(out));
    expect(await looking).toEqual([]);
  });

  it("a version that this server cannot read, for all it knows", async () => {
    take();
    complete = false;
    expect(await later()).toEqual([]);
  });
});

it("what a flow's pictures take is what its states name, kept ones too, and what is new", async () => {
  const [one, two] = [take(), take(gif())];
  expect(shelf.room(flow).flow.bytes).toBe(png().length + gif().length);
  await save(draft(image(one)));
  await save(draft("none"));
  await later();
  expect(there(two)).toBe(false);
  expect(shelf.room(flow).flow.bytes).toBe(png().length);
  const other = store.flows.add("y", now, 0);
  expect(shelf.room(other).flow.bytes).toBe(0);
  expect(shelf.room(other).server.bytes).toBe(png().length);
});
