import { setImmediate as nextTurn } from "node:timers/promises";
import type { Deed, DeedDone } from "@parley/shared/api/conversations";
import type { Happened } from "@parley/shared/api/socket";
import { pino } from "pino";
import { afterEach, describe, expect, it } from "vitest";
import { createMemoryLog } from "../log/memory.js";
import type { Runtime } from "../runtime.js";
import { choose, type } from "../testing/clients.js";
import { serve } from "../testing/server.js";
import { type Identity, StudioTab, send, signIn } from "../testing/studio.js";
import { enter, type Guest, say } from "../testing/survey.js";
import { watch } from "./watch.js";

const FLOW = "bot-assistant";
const cleanup: (() => unknown)[] = [];
afterEach(async () => {
  for (const step of cleanup.splice(0).reverse()) await step();
});

/** A deed, with an id of its own unless it says which. */
type Doing = Deed extends infer D ? (D extends Deed ? Omit<D, "id"> & { id?: string } : never) : never;

async function setUp() {
  const runtime = await serve(createMemoryLog({ partitions: 1 }), {});
  cleanup.push(() => runtime.drain());
  const [ada, bob] = await Promise.all(["Ada", "Bob"].map((name) => person(runtime, name, "operator")));
  const guest = await enter(runtime, FLOW);
  const id = guest.welcome.sid;
  let n = 0;
  const deed = async (who: Identity, body: Doing, status = 200): Promise<DeedDone> => {
    const path = `/api/flows/${FLOW}/conversations/${id}/deeds`;
    const answer = await send(runtime.url, "POST", path, { headers: who, body: { id: `d${n++}`, ...body } });
    expect(answer.status, answer.text).toBe(status);
    return answer.json as DeedDone;
  };
  return { runtime, ada: ada!, bob: bob!, guest, id, deed };
}

function person(runtime: Runtime, name: string, role: "operator" | "viewer") {
  runtime.studio.people.add({ id: name, name, role, password: null, created: 0 });
  return signIn(runtime, name);
}

/** What a visitor's client was shown, as words. */
const words = (guest: Guest) =>
  guest.all.flatMap((frame) => {
    if (frame.kind !== "Message") return frame.kind === "Refused" ? [`refused ${frame.code}`] : [];
    const { message } = frame;
    return "content" in message && message.content ? [message.content] : [message.kind];
  });

describe("people in a conversation", () => {
  it("[H1–H3] take it over, talk with the visitor, and give it back to the bot, which asks again", async () => {
    const { ada, guest, deed } = await setUp();
    const taken = await deed(ada, { kind: "Takeover", name: "Ada" });
    expect(taken).toMatchObject({ outcome: "done", holder: { by: "person:Ada", name: "Ada" } });
    await guest.send(choose("lang", "go"));
    await guest.until(() => words(guest).at(-1) === "refused paused", "the refusal");
    const said = await deed(ada, { kind: "Say", act: taken.act!, text: "Hello <b>you</b> & welcome" });
    expect(said.outcome).toBe("done");
    await guest.send(type("operator", "Oh, a person!"));
    await guest.until(() => words(guest).at(-1) === "Oh, a person!", "the text");
    const back = await deed(ada, { kind: "GiveBack", after: taken.act! });
    expect(back.outcome).toBe("done");
    expect(back.holder).toBeUndefined();
    await guest.until(() => words(guest).at(-1) === "ChoiceRequest", "the question");
    await guest.send(choose("lang", "go"));
    await guest.until(() => words(guest).filter((word) => word === "ChoiceRequest").length === 3, "what follows");
    expect(words(guest).slice(2)).toEqual([
      ...["StartChatSession", "refused paused", "Hello &lt;b&gt;you&lt;/b&gt; &amp; welcome", "Oh, a person!"],
      ...["EndChatSession", "ChoiceRequest", "Go", "ChoiceRequest"],
    ]);
  });

  it("[L8] one of two who take it in the same moment has it, and the other is told who", async () => {
    const { ada, bob, deed } = await setUp();
    const [one, two] = await Promise.all([
      deed(ada, { kind: "Takeover", name: "Ada" }),
      deed(bob, { kind: "Takeover", name: "Bob" }),
    ]);
    expect([one.outcome, two.outcome].sort()).toEqual(["done", "stale"]);
    expect(one.holder).toEqual(two.holder);
    expect(one.act).toBe(two.act);
    const [loser, act] = one.outcome === "stale" ? [ada, "o.d0"] : [bob, "o.d1"];
    expect((await deed(loser, { kind: "Say", act, text: "me too" })).outcome).toBe("stale");
    // Knowing who has it, he may take it from him.
    expect((await deed(loser, { kind: "Takeover", name: "Me", after: one.act! })).outcome).toBe("done");
  });

  it("[H4] mend it without taking it: what is open is asked again, it goes on at another step, it ends", async () => {
    const { ada, guest, deed } = await setUp();
    await say(guest, choose("lang", "other"));
    const sent = words(guest).length;
    const again = await deed(ada, { kind: "Resend", why: "the widget froze" });
    expect(again).toEqual({ outcome: "done", act: again.act });
    const moved = await deed(ada, { kind: "Move", after: again.act!, state: "langChoices" });
    expect(moved.outcome).toBe("done");
    await deed(ada, { kind: "Move", after: moved.act!, state: "nowhere" }, 422);
    expect((await deed(ada, { kind: "End", after: again.act! })).outcome).toBe("stale");
    const ended = await deed(ada, { kind: "End", after: moved.act! });
    expect(ended.outcome).toBe("done");
    await guest.until(() => guest.all.some((frame) => frame.kind === "Turn" && frame.ended), "the end");
    expect(words(guest).slice(sent)).toEqual(["StartChatSession", "EndChatSession", "ChoiceRequest"]);
    await guest.send(choose("lang", "go"));
    await guest.until(() => words(guest).at(-1) === "refused stale", "the refusal");
  });

  it("sent again under the same id is done once", async () => {
    const { ada, guest, deed } = await setUp();
    const taken = await deed(ada, { kind: "Takeover", name: "Ada", id: "once" });
    expect(await deed(ada, { kind: "Takeover", name: "Ada", id: "once" })).toEqual(taken);
    for (let i = 0; i < 2; i++) await deed(ada, { kind: "Say", act: taken.act!, text: "hello", id: "hello" });
    await guest.until(() => words(guest).includes("hello"), "hello");
    await deed(ada, { kind: "Say", act: taken.act!, text: "last" });
    await guest.until(() => words(guest).includes("last"), "last");
    expect(words(guest).filter((word) => word === "hello")).toEqual(["hello"]);
  });

  it("are refused where there is no such conversation, and for a text that says nothing or too much", async () => {
    const { runtime, ada, id, deed } = await setUp();
    const body = { kind: "Takeover", id: "x", name: "Ada" };
    for (const path of [
      `${FLOW}/conversations/${"0".repeat(40)}`,
      `${FLOW}/conversations/${id}-2`,
      `none/conversations/${id}`,
    ]) {
      const answer = await send(runtime.url, "POST", `/api/flows/${path}/deeds`, { headers: ada, body });
      expect([path, answer.status]).toEqual([path, 404]);
    }
    const { act } = await deed(ada, { kind: "Takeover", name: "Ada" });
    for (const text of ["", " \n", "x".repeat(2_001)]) await deed(ada, { kind: "Say", act: act!, text }, 422);
    const viewer = await person(runtime, "Eve", "viewer");
    await deed(viewer, { kind: "GiveBack", after: act! }, 403);
  });
});

describe("a tab that watches a conversation", () => {
  const happened = (tab: StudioTab) => tab.all.filter((frame) => frame.kind === "Happened") as Happened[];
  const told = (tab: StudioTab) =>
    happened(tab).flatMap(({ events }) =>
      events.flatMap((event) => (event.kind === "message" ? [event.message.kind] : [])),
    );

  it("is told all of it, then what happens and who has it; nothing once it looks elsewhere", async () => {
    const { runtime, ada, guest, id, deed } = await setUp();
    const tab = await StudioTab.connect(runtime, ada);
    tab.say({ kind: "Watch", flow: FLOW, conversation: id });
    await tab.until(() => happened(tab).length === 1, "what was said");
    expect(happened(tab)[0]).toMatchObject({ whole: true, conversation: id });
    expect(told(tab)).toEqual(["BotText", "ChoiceRequest"]);
    const { act } = await deed(ada, { kind: "Takeover", name: "Ada" });
    await tab.until(() => happened(tab).some(({ holder }) => holder?.name === "Ada"), "the takeover");
    await guest.send(type("operator", "hi"));
    await tab.until(() => told(tab).at(-1) === "UserText", "the visitor's text");
    expect(happened(tab).filter(({ whole }) => whole)).toHaveLength(1);
    tab.say({ kind: "Watch" });
    await deed(ada, { kind: "GiveBack", after: act! });
    tab.say({ kind: "Ping" });
    await tab.until(() => tab.all.some(({ kind }) => kind === "Pong"), "the pong");
    expect(told(tab).at(-1)).toBe("UserText");
  });

  it("is told nothing without the right to read conversations, nor of another flow's", async () => {
    const { runtime, ada, guest, id } = await setUp();
    const eve = await StudioTab.connect(runtime, await person(runtime, "Eve", "viewer"));
    const other = await StudioTab.connect(runtime, ada);
    eve.say({ kind: "Watch", flow: FLOW, conversation: id });
    other.say({ kind: "Watch", flow: "not-there", conversation: id });
    await say(guest, choose("lang", "go"));
    for (const tab of [eve, other]) {
      tab.say({ kind: "Ping" });
      await tab.until(() => tab.all.some(({ kind }) => kind === "Pong"), "the pong");
      expect(happened(tab)).toEqual([]);
    }
  });

  it("waits before it reads again where the log has ended its stream, as one that is closed does", async () => {
    const end = new AbortController();
    let read = 0;
    const log = {
      // biome-ignore lint/correctness/useYield: a stream that has ended
      async *follow() {
        read += 1;
      },
    };
    const about = { sid: "0".repeat(40), n: 1, flow: FLOW };
    const watching = watch(log, about, () => undefined, { signal: end.signal, logger: pino({ level: "silent" }) });
    for (let i = 0; i < 50; i++) await nextTurn();
    expect(read).toBe(1);
    end.abort();
    await watching;
  });
});
