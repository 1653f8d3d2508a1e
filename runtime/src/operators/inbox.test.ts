import type { Deed, DeedDone } from "@parley/shared/api/conversations";
import type { Inbox, InboxRow } from "@parley/shared/api/inbox";
import type { InboxFrame } from "@parley/shared/api/socket";
import { afterEach, describe, expect, it, vi } from "vitest";
import { createMemoryLog } from "../log/memory.js";
import type { HandOff } from "../projection/hand-offs.js";
import type { Runtime } from "../runtime.js";
import { StudioStore } from "../studio/store.js";
import { choose, type } from "../testing/clients.js";
import { scratch, serve, writeFlows } from "../testing/server.js";
import { type Identity, StudioTab, send, signIn } from "../testing/studio.js";
import { enter } from "../testing/survey.js";
import { Attendance } from "./attendance.js";
import { InboxDesk } from "./inbox.js";

const FLOW = "desk";
const say = (content: string, next?: string) => ({
  sendRequest: { kind: "BotText", content },
  ...(next === undefined ? {} : { next }),
});
const text = (content: string) => ({ matchResponse: { kind: "HandOffResult", handOffId: "help", outcome: content } });
/** A question, whose one answer hands over to a person. */
const DESK = {
  ask: {
    sendRequest: { kind: "ChoiceRequest", groupId: "g", question: "Help?", choices: [{ itemId: "y", content: "Yes" }] },
  },
  yes: { matchResponse: { kind: "ChoiceResponse", groupId: "g", itemId: "y" }, next: "person" },
  person: { sendRequest: { kind: "HandOff", handOffId: "help", queue: "Sales" } },
  done: { ...text("closed"), next: "bye" },
  nobody: { ...text("unavailable"), next: "sorry" },
  bye: say("Bye"),
  sorry: say("Sorry"),
};
const cleanup: (() => unknown)[] = [];
afterEach(async () => {
  for (const step of cleanup.splice(0).reverse()) await step();
});

type Doing = Deed extends infer D ? (D extends Deed ? Omit<D, "id"> : never) : never;

async function setUp() {
  const folder = scratch();
  const runtime = await serve(createMemoryLog({ partitions: 1 }), { argv: writeFlows(folder.path, { [FLOW]: DESK }) });
  cleanup.push(
    () => folder.dispose(),
    () => runtime.drain(),
  );
  const [ada, bob] = await Promise.all([person(runtime, "Ada"), person(runtime, "Bob")]);
  let n = 0;
  const deed = async (who: Identity, id: string, body: Doing, status = 200): Promise<DeedDone> => {
    const path = `/api/flows/${FLOW}/conversations/${id}/deeds`;
    const answer = await send(runtime.url, "POST", path, { headers: who, body: { id: `d${n++}`, ...body } });
    expect(answer.status, answer.text).toBe(status);
    return answer.json as DeedDone;
  };
  const available = async (who: Identity, is = true) => {
    const answer = await send(runtime.url, "PUT", "/api/availability", { headers: who, body: { available: is } });
    expect(answer.status, answer.text).toBe(200);
  };
  return { runtime, ada: ada!, bob: bob!, deed, available };
}

function person(runtime: Runtime, name: string) {
  runtime.studio.people.add({ id: name, name, role: "operator", password: null, created: 0 });
  return signIn(runtime, name);
}

/** A tab that shows the inbox, and what it shows. */
async function inbox(runtime: Runtime, who: Identity) {
  const tab = await StudioTab.connect(runtime, who);
  tab.say({ kind: "OpenInbox", on: true });
  const frames = () => tab.all.filter((frame) => frame.kind === "Inbox") as InboxFrame[];
  const rows = () => {
    const all = new Map<string, InboxRow>();
    for (const { whole, rows, gone } of frames()) {
      if (whole) all.clear();
      for (const id of gone) all.delete(id);
      for (const row of rows) all.set(row.conversation, row);
    }
    return [...all.values()];
  };
  await tab.until(() => frames().length > 0, "the inbox");
  return { tab, frames, rows };
}

describe("the inbox", () => {
  it("shows what waits, who has it, what the visitor says and until it is over", async () => {
    const { runtime, ada, bob, deed, available } = await setUp();
    await available(ada);
    const [hers, his] = await Promise.all([inbox(runtime, ada), inbox(runtime, bob)]);
    const guest = await enter(runtime, FLOW);
    const id = guest.welcome.sid;
    await guest.send(choose("g", "y"));
    for (const one of [hers, his]) await one.tab.until(() => one.rows().length === 1, "what waits");
    expect(his.rows()[0]).toMatchObject({ conversation: id, queue: "Sales", byHand: false, title: FLOW, texts: [] });
    expect(his.rows()[0]!.by).toBeUndefined();
    const [one, two] = await Promise.all([
      deed(ada, id, { kind: "Takeover", name: "Ada" }),
      deed(bob, id, { kind: "Takeover", name: "Bob" }),
    ]);
    expect([one.outcome, two.outcome].sort()).toEqual(["done", "stale"]);
    expect(one.holder).toEqual(two.holder);
    await guest.send(type("help", "hello there"));
    await his.tab.until(() => his.rows()[0]?.said === "hello there", "the text");
    const { by, texts } = his.rows()[0]!;
    expect(by).toBe(one.holder?.by);
    // A full disk takes no mark, and his tab stays.
    vi.spyOn(runtime.studio.readMarks, "set").mockImplementationOnce(() => {
      throw Object.assign(new Error("database or disk is full"), { code: "SQLITE_FULL" });
    });
    for (const _ of [1, 2]) his.tab.say({ kind: "ReadUpTo", conversation: id, seq: texts[0]! });
    await his.tab.until(() => his.frames().some(({ marks }) => marks?.[id] === texts[0]), "the mark");
    // Read by him, not by her.
    expect(hers.frames().every(({ marks }) => marks?.[id] === undefined)).toBe(true);
    const given = await deed(ada, id, { kind: "Assign", after: one.act!, to: "Bob" });
    expect(given.holder).toMatchObject({ by: "person:Bob", name: "Bob" });
    await deed(ada, id, { kind: "Assign", after: given.act!, to: "nobody" }, 422);
    const passed = await deed(bob, id, { kind: "Assign", after: given.act!, queue: "Billing" });
    await hers.tab.until(() => hers.rows()[0]?.queue === "Billing" && hers.rows()[0]?.by === undefined, "the queue");
    const taken = await deed(bob, id, { kind: "Takeover", name: "Bob", after: passed.act! });
    await deed(bob, id, { kind: "GiveBack", after: taken.act! });
    await hers.tab.until(() => hers.rows().length === 0, "the end");
    expect((await send(runtime.url, "GET", "/api/inbox", { headers: ada })).json).toMatchObject({ rows: [], more: 0 });
  });

  it("says at once that nobody is there, also when that comes to be so while somebody waits", async () => {
    const { runtime, ada, available } = await setUp();
    const now = vi.spyOn(Date, "now");
    cleanup.push(() => now.mockRestore());
    const tab = await inbox(runtime, ada);
    const told = (guest: Awaited<ReturnType<typeof enter>>, content: string) =>
      guest.until(
        () =>
          guest.all.some(
            (frame) => frame.kind === "Message" && "content" in frame.message && frame.message.content === content,
          ),
        content,
      );
    const first = await enter(runtime, FLOW);
    await first.send(choose("g", "y"));
    await told(first, "Sorry");
    await available(ada);
    const second = await enter(runtime, FLOW);
    await second.send(choose("g", "y"));
    await tab.tab.until(() => tab.rows().length === 1, "what waits");
    await available(ada, false);
    await told(second, "Sorry");
    await tab.tab.until(() => tab.rows().length === 0, "nothing waits");
    const all = runtime.projections.handOffs.opened("2000", "9999");
    expect(all.map(({ outcome, taken }) => [outcome, taken])).toEqual([
      ["unavailable", undefined],
      ["unavailable", undefined],
    ]);
  });

  it("is shown to nobody without the right, and tells who is there", async () => {
    const { runtime, ada, available } = await setUp();
    runtime.studio.people.add({ id: "Eve", name: "Eve", role: "viewer", password: null, created: 0 });
    const eve = await StudioTab.connect(runtime, await signIn(runtime, "Eve"));
    eve.say({ kind: "OpenInbox", on: true });
    eve.say({ kind: "Ping" });
    await eve.until(() => eve.all.some(({ kind }) => kind === "Pong"), "the pong");
    expect(eve.all.some(({ kind }) => kind === "Inbox")).toBe(false);
    const hers = await inbox(runtime, ada);
    await available(ada);
    await hers.tab.until(() => hers.frames().at(-1)?.available === true, "she is available");
    const answer = await send(runtime.url, "GET", "/api/inbox", { headers: ada });
    expect((answer.json as Inbox).people.map(({ name, available: is }) => [name, is])).toEqual([
      ["Owner", false],
      ["Ada", true],
      ["Bob", false],
    ]);
    expect((answer.json as Inbox).queues).toEqual([{ name: "General", open: true, available: 1 }]);
  });
});

describe("queues and figures by the interface", () => {
  it("are set by who may, refused in words, and counted by day", async () => {
    const { runtime, ada, bob, deed, available } = await setUp();
    const owner = await signIn(runtime);
    const ask = async (method: string, path: string, body: object | undefined, status: number, who = owner) => {
      const answer = await send(runtime.url, method, `/api/${path}`, { headers: who, body });
      expect(answer.status, answer.text).toBe(status);
      return answer.json as { id?: string; code?: string; errors?: { pointer: string }[]; rows?: unknown[] };
    };
    const made = await ask("POST", "queues", { name: "Sales", zone: "UTC", members: ["Bob"] }, 201);
    const path = `queues/${made.id}`;
    expect((await ask("POST", "queues", { name: "sales", zone: "UTC", members: [] }, 409)).code).toBe("name-taken");
    const mars = await ask("PUT", path, { name: "Sales", zone: "Mars/Olympus", members: [] }, 422);
    expect(mars.errors).toMatchObject([{ pointer: "/zone" }]);
    const hours = [{ day: 1, from: "10:00", to: "09:00" }];
    const late = await ask("PUT", path, { name: "Sales", zone: "UTC", members: [], hours }, 422);
    expect(late.errors).toMatchObject([{ pointer: "/hours/0" }]);
    await ask("PUT", "queues/none", { name: "None", zone: "UTC", members: [] }, 404);

    // It is Bob's, so that Ada alone is nobody for it.
    await available(ada);
    const tab = await inbox(runtime, ada);
    const first = await enter(runtime, FLOW);
    await first.send(choose("g", "y"));
    await first.until(() => first.all.some((frame) => JSON.stringify(frame).includes("Sorry")), "nobody");
    const his = await inbox(runtime, bob);
    await available(bob);
    const second = await enter(runtime, FLOW);
    await second.send(choose("g", "y"));
    await tab.tab.until(() => tab.rows().length === 1, "what waits");
    await deed(bob, second.welcome.sid, { kind: "Takeover", name: "Bob" });
    await his.tab.until(() => his.rows()[0]?.by === "person:Bob", "that he has it");
    expect((await ask("GET", "figures", undefined, 200, ada)).rows).toMatchObject([
      { queue: "Sales", asked: 2, answered: 1, missed: 1, byHand: 0 },
    ]);
    const file = await send(runtime.url, "GET", "/api/export/figures", { headers: ada });
    expect(file.text).toMatch(/Sales,2,1,1,0,\d+,\d+,,\r\n$/);
    await ask("GET", "figures?from=2026-01-01&to=2026-12-31", undefined, 422);
    await ask("DELETE", path, undefined, 204);
  });
});

describe("the inbox of many", () => {
  const handOff = (n: number, more: Partial<HandOff> = {}): HandOff =>
    ({
      sid: n.toString(16).padStart(40, "0"),
      n: 1,
      k: 1,
      flow: FLOW,
      chat: "help",
      opened: "",
      since: "",
      texts: [],
      ...more,
    }) as HandOff;

  it("tells each tab one row for one change, whatever else is open, and reads no list for it", () => {
    const store = new StudioStore(":memory:", () => 0);
    cleanup.push(() => store.close());
    const open = vi.fn(() => Array.from({ length: 600 }, (_, n) => handOff(n)));
    const attendance = new Attendance({ store, connected: () => true, now: () => 0 });
    const desk = new InboxDesk({ store, attendance, handOffs: { open, of: () => [] } });
    const tabs = Array.from({ length: 20 }, () => ({ user: "local", frames: [] as InboxFrame[] }));
    for (const tab of tabs) desk.open({ ...tab, send: (frame) => tab.frames.push(frame) });
    expect(tabs[0]!.frames[0]).toMatchObject({ whole: true, more: 100 });
    expect(tabs[0]!.frames[0]!.rows).toHaveLength(500);
    const read = open.mock.calls.length;
    const titles = vi.spyOn(store.flows, "get");
    for (let n = 0; n < 200; n++) desk.changed([handOff(n, { said: "hello" })]);
    expect(open.mock.calls.length).toBe(read);
    expect(titles).toHaveBeenCalledTimes(200);
    for (const { frames } of tabs) expect(frames.slice(1).map(({ rows }) => rows.length)).toEqual(Array(200).fill(1));
  });
});
