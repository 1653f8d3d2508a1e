import type { ConversationDiagnosis } from "@parley/shared/api/conversations";
import { afterEach, describe, expect, it } from "vitest";
import { createMemoryLog } from "../log/memory.js";
import { choose, type } from "../testing/clients.js";
import { scratch, serve, writeFlows } from "../testing/server.js";
import { send, signIn } from "../testing/studio.js";
import { enter, say } from "../testing/survey.js";

const cleanup: (() => unknown)[] = [];
afterEach(async () => {
  for (const step of cleanup.splice(0).reverse()) await step();
});

const FLOW = {
  hi: { sendRequest: { kind: "BotText", content: "Hi" }, next: "ask" },
  ask: {
    sendRequest: {
      kind: "ChoiceRequest",
      groupId: "q",
      question: "<b>Who</b> is to help?",
      choices: [{ itemId: "person", content: "A person" }],
    },
  },
  person: { matchResponse: { kind: "ChoiceResponse", groupId: "q", itemId: "person" }, next: "wait" },
  wait: { sendRequest: { kind: "HandOff", handOffId: "help", content: "One moment", timeout: 60 } },
  late: { matchResponse: { kind: "HandOffResult", handOffId: "help", outcome: "timeout" }, next: "bye" },
  away: { matchResponse: { kind: "HandOffResult", handOffId: "help", outcome: "unavailable" }, next: "bye" },
  done: { matchResponse: { kind: "HandOffResult", handOffId: "help", outcome: "closed" }, next: "bye" },
  bye: { sendRequest: { kind: "BotText", content: "Bye" } },
};

/** A server with that flow, its clock standing still, and one visitor. */
async function setUp() {
  const folder = scratch();
  cleanup.push(() => folder.dispose());
  const at = Date.UTC(2026, 0, 2, 9, 0, 0);
  const argv = writeFlows(folder.path, { help: FLOW, other: FLOW });
  const runtime = await serve(createMemoryLog({ partitions: 1 }), { argv, overrides: { now: () => at } });
  cleanup.push(() => runtime.drain());
  const owner = await signIn(runtime);
  const guest = await enter(runtime, "help");
  const path = (flow: string) => `/api/flows/${flow}/conversations/${guest.welcome.sid}`;
  const diagnosis = async () =>
    (await send(runtime.url, "GET", `${path("help")}/diagnosis`, { headers: owner })).json as ConversationDiagnosis;
  let n = 0;
  const deed = async (body: object) => {
    const given = { headers: owner, body: { id: `d${n++}`, ...body } };
    return (await send(runtime.url, "POST", `${path("help")}/deeds`, given)).json as { act: string };
  };
  const get = (where: string) => send(runtime.url, "GET", where, { headers: owner });
  return { guest, diagnosis, deed, get, path };
}

describe("the diagnosis of a conversation", () => {
  it("says where it is, what is open since when, and its last records without what was said", async () => {
    const { guest, diagnosis } = await setUp();
    const now = "2026-01-02T09:00:00.000Z";
    expect(await diagnosis()).toEqual({
      ...{ flow: "help", version: 1, state: "ask", step: "Who is to help?", unanswered: 0, timers: [], total: 4 },
      open: [{ kind: "ChoiceRequest", state: "ask", step: "Who is to help?", said: "Who is to help?", since: now }],
      records: [
        { id: "b.s.1.0.3", at: now, kind: "Turn", by: "bot" },
        { id: "b.s.1.0.2", at: now, kind: "ChoiceRequest", by: "bot" },
        { id: "b.s.1.0.1", at: now, kind: "BotText", by: "bot" },
        { id: "s.1", at: now, kind: "Begin" },
      ],
    });
    await say(guest, choose("q", "person"));
    await guest.send(type("help", "a secret word"));
    await guest.send(choose("q", "person"));
    await guest.until(() => guest.all.some(({ kind }) => kind === "Refused"), "the refusal");
    const waiting = await diagnosis();
    expect(waiting).toMatchObject({ state: "wait", open: [{ kind: "HandOff", said: "One moment" }] });
    expect(waiting.timers).toEqual([{ kind: "wait", at: "2026-01-02T09:01:00.000Z" }]);
    expect(waiting.records[0]).toMatchObject({ kind: "Turn", refused: "paused" });
    expect(JSON.stringify(waiting)).not.toContain("secret");
  });

  it("has no timer once somebody has come, nothing open where he ended it, and says why he did", async () => {
    const { guest, diagnosis, deed } = await setUp();
    await say(guest, choose("q", "person"));
    const { act } = await deed({ kind: "Takeover", name: "Ada" });
    const taken = await diagnosis();
    expect([taken.timers, taken.open.length]).toEqual([[], 1]);
    await deed({ kind: "End", after: act, why: "all is said" });
    const ended = await diagnosis();
    expect(ended.open).toEqual([]);
    expect(ended.records.find(({ kind }) => kind === "End")).toMatchObject({ by: "person:Owner", why: "all is said" });
  });

  it("is there for who has a conversation of this flow alone", async () => {
    const { get, path } = await setUp();
    const none = `/api/flows/help/conversations/${"0".repeat(40)}`;
    for (const where of [path("other"), none]) expect((await get(`${where}/diagnosis`)).status).toBe(404);
  });
});
