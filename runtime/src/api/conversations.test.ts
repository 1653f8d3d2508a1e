import { join } from "node:path";
import type { AnswerTable, ConversationDetail, ConversationList, FlowCounts } from "@parley/shared/api/conversations";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createMemoryLog } from "../log/memory.js";
import type { Runtime } from "../runtime.js";
import { choose, type } from "../testing/clients.js";
import { eventually } from "../testing/eventually.js";
import { FLOWS, serve } from "../testing/server.js";
import { type Answered, type Identity, send, signIn, token } from "../testing/studio.js";
import { enter, type Guest, publish, SURVEY, say, secondSurvey } from "../testing/survey.js";

let runtime: Runtime;
let owner: Identity;
let now = Date.UTC(2026, 2, 1, 9, 0, 0);
const guests: Guest[] = [];

const get = async (path: string, who = owner, status = 200): Promise<Answered> => {
  const answer = await send(runtime.url, "GET", `/api${path}`, { headers: who });
  expect(answer.status, `${path}: ${answer.text.slice(0, 500)}`).toBe(status);
  return answer;
};
const list = async (query: string) => (await get(`/conversations?${query}`)).json as ConversationList;
const sidOf = (guest: Guest) => guest.welcome.sid;
/** Guests by their order of coming, as a list says them. */
const names = ({ conversations }: ConversationList) =>
  conversations.map(({ id }) => `${guests.findIndex((guest) => id.startsWith(sidOf(guest)))}${id.slice(40)}`);

/** Three visitors over two versions: one answers all, one stops at the text, one comes when it is no longer asked. */
beforeAll(async () => {
  const argv = [join(FLOWS, `${SURVEY}.json`), join(FLOWS, "bot-assistant.json")];
  runtime = await serve(createMemoryLog({ partitions: 2 }), { argv, overrides: { now: () => now } });
  owner = await signIn(runtime);
  const begin = async (flow: string, page?: string) => {
    now += 60_000;
    const guest = await enter(runtime, flow, page);
    guests.push(guest);
    return guest;
  };
  const ada = await begin(SURVEY, "https://kettle.example/menu?table=4#top");
  await say(ada, choose("visit", "great"));
  await say(ada, choose("liked", "coffee"));
  await say(ada, type("better", '=HYPERLINK("https://evil.example","more, cake")'));
  await say(ada, choose("again", "yes"));
  const bob = await begin(SURVEY);
  await say(bob, choose("visit", "fine"));
  await publish(runtime, SURVEY, secondSurvey(), "two", { variables: ["name", "café"] });
  const eve = await begin(SURVEY, "javascript:alert(1)");
  eve.frame({ kind: "SetVariables", id: "page-1", values: { name: "-2+3", café: "Kettle Lane" } });
  await say(eve, choose("visit", "poor"));
  await say(eve, choose("again", "no"));
  await say(bob, type("better", "Nothing much.\nReally <b>not</b>"));
  await begin("bot-assistant");
  await eventually(async () =>
    expect((await list("")).conversations.map(({ messages }) => messages)).toEqual([2, 7, 8, 13]),
  );
});
afterAll(() => runtime.drain());

const CSV = [
  '\uFEFFTime (UTC),Version,Status,Last step,Page,"And how was your visit, {{name|dear guest}}? Be ""frank"", please",That makes us happy! What did you like most?,Will you come back?,"What could we do better? If nothing comes to mind, type nothing. (no longer asked)",café,name',
  "2026-03-01 09:03:00,2,Ended,\"Thank you for your honest words, they help us more than any rating. Should you come by after all, sh…\",,🙁 Not so good,,I don't think so,,Kettle Lane,'-2+3",
  '2026-03-01 09:02:00,1,Waiting,Will you come back?,,🙂 All right,,,"Nothing much.\nReally <b>not</b>",,',
  '2026-03-01 09:01:00,1,Ended,See you soon! Show this message at the counter and your next filter coffee is on the house.,https://kettle.example/menu,😀 Great,The coffee,Certainly,"\'=HYPERLINK(""https://evil.example"",""more, cake"")",,',
  "",
].join("\r\n");

describe("answers", () => {
  it("three visitors over two versions give this file, byte for byte, by cookie and by token", async () => {
    const path = `/flows/${SURVEY}/export/answers`;
    const mine = await get(path);
    expect(mine.text).toBe(CSV);
    expect(mine.headers["content-type"]).toBe("text/csv; charset=utf-8");
    expect(mine.headers["content-disposition"]).toBe(`attachment; filename="${SURVEY}-answers.csv"`);
    expect((await get(path, token(runtime, ["conversations:read"]).identity)).text).toBe(CSV);
  });

  it("are the same cells in pages, with the columns that were chosen in the order they were", async () => {
    const columns = ["v:name", "q:visit", "t:better", "q:unknown", "conversation"];
    const chosen = `columns=${columns.map(encodeURIComponent).join(",")}`;
    const first = (await get(`/flows/${SURVEY}/answers?limit=2&${chosen}`)).json as AnswerTable;
    expect(first.columns.map(({ key, gone }) => `${key}${gone ? " gone" : ""}`)).toEqual([
      "v:name",
      "q:visit",
      "t:better gone",
      "conversation",
    ]);
    expect(first.rows.map(({ cells }) => cells)).toEqual([
      ["-2+3", "🙁 Not so good", "", sidOf(guests[2]!)],
      ["", "🙂 All right", "Nothing much.\nReally <b>not</b>", sidOf(guests[1]!)],
    ]);
    expect(first.total).toBe(3);
    const next = `/flows/${SURVEY}/answers?limit=2&${chosen}&after=${encodeURIComponent(first.next!)}`;
    const second = (await get(next)).json as AnswerTable;
    expect(second.rows.map(({ cells }) => cells[0])).toEqual([""]);
    expect(second.next).toBeUndefined();
    const csv = (await get(`/flows/${SURVEY}/export/answers?${chosen}&version=2`)).text;
    expect(csv.split("\r\n")).toEqual([
      '\uFEFFname,"And how was your visit, {{name|dear guest}}? Be ""frank"", please","What could we do better? If nothing comes to mind, type nothing. (no longer asked)",Conversation',
      `'-2+3,🙁 Not so good,,${sidOf(guests[2]!)}`,
      "",
    ]);
  });

  it("leave out what the filter does", async () => {
    const rows = async (query: string) =>
      ((await get(`/flows/${SURVEY}/answers?${query}`)).json as AnswerTable).rows.length;
    expect(await rows("status=ended")).toBe(2);
    expect(await rows("version=1")).toBe(2);
    expect(await rows("text=cake")).toBe(1);
    expect(await rows("from=2026-03-01T09:02Z&to=2026-03-01T09:03Z")).toBe(1);
    expect(await rows("waits=askAgain")).toBe(1);
  });
});

describe("the list", () => {
  it("is of all flows, newest first, with what somebody said last", async () => {
    const { conversations, total } = await list("");
    expect([names({ conversations, total }), total]).toEqual([["3", "2", "1", "0"], 4]);
    expect(conversations[2]).toEqual({
      id: sidOf(guests[1]!),
      flow: SURVEY,
      version: 1,
      started: "2026-03-01T09:02:00.000Z",
      last: "2026-03-01T09:03:00.000Z",
      status: "waiting",
      waits: "askAgain",
      step: "Will you come back?",
      messages: 8,
      answers: 2,
      said: "Nothing much. Really <b>not</b>",
    });
  });

  it("finds by flow, state, time and words", async () => {
    expect(names(await list("flow=bot-assistant"))).toEqual(["3"]);
    expect(names(await list(`flow=${SURVEY}&version=1&status=waiting`))).toEqual(["1"]);
    expect(names(await list("text=kettle"))).toEqual(["2", "1", "0"]);
    const found = await list("text=much");
    expect([names(found), found.conversations[0]!.found]).toEqual([
      ["1"],
      "Nothing \u0001much\u0002. Really <b>not</b>",
    ]);
  });

  it("refuses what is no filter", async () => {
    for (const query of [
      "version=0",
      "status=open",
      "from=yesterday",
      "from=2026-13-45",
      "limit=201",
      "after=x",
      "who=me",
      "flow=A",
    ]) {
      await get(`/conversations?${query}`, owner, 422);
    }
  });

  it("[P15] shows a token for some flows these alone", async () => {
    const own = token(runtime, ["conversations:read"], ["bot-assistant"]).identity;
    expect(names((await get("/conversations", own)).json as ConversationList)).toEqual(["3"]);
    await get(`/conversations?flow=${SURVEY}`, own, 403);
    await get(`/flows/${SURVEY}/answers`, own, 403);
  });
});

describe("a conversation", () => {
  const path = (guest: Guest, flow = SURVEY) => `/flows/${flow}/conversations/${sidOf(guest)}`;

  it("is told as everybody sees it, with the states that it went through", async () => {
    const told = (await get(path(guests[0]!))).json as ConversationDetail;
    expect(told).toMatchObject({
      version: 1,
      status: "ended",
      page: "https://kettle.example/menu",
      values: {},
      others: [],
    });
    const messages = told.events.filter((event) => event.kind === "message");
    expect(messages.map(({ seq }) => seq)).toEqual(guests[0]!.messages.map(({ seq }) => seq));
    expect(messages.map(({ message }) => message)).toEqual(guests[0]!.messages.map(({ message }) => message));
    expect(told.events.map((event) => event.state ?? "·").join(" ")).toBe(
      "hello askVisit · · askLiked visitGreat · tellTeam askBetter likedCoffee · closeBetter noted askAgain betterGiven · thanksSoon againYes",
    );
  });

  it("is of its flow alone", async () => {
    await get(path(guests[0]!, "bot-assistant"), owner, 404);
    await get(`/flows/${SURVEY}/conversations/${"0".repeat(40)}`, owner, 404);
    await get(`${path(guests[0]!)}-2`, owner, 404);
  });

  it("ends where the visitor starts over, and another begins on the version live then", async () => {
    const guest = guests[1]!;
    await say(guest, { kind: "ResetSession" });
    const [first, second] = await Promise.all(["", "-2"].map((n) => get(`${path(guest)}${n}`)));
    expect(first!.json).toMatchObject({ version: 1, status: "left", waits: "askAgain", others: [`${sidOf(guest)}-2`] });
    expect(second!.json).toMatchObject({ version: 2, status: "waiting", waits: "askVisit", messages: 2, answers: 0 });
    await eventually(async () => expect(names(await list(`flow=${SURVEY}`))).toEqual(["1-2", "2", "1", "0"]));
  });
});

describe("exports", () => {
  const exported = async (query: string) => await get(`/flows/${SURVEY}/export/conversations?${query}`);

  it("give all that was said, as JSON", async () => {
    const answer = await exported("status=ended");
    expect(answer.headers["content-type"]).toBe("application/json; charset=utf-8");
    const all = answer.json as { conversation: string; messages: { from: string }[]; values: object }[];
    expect(all.map(({ conversation }) => conversation)).toEqual([sidOf(guests[2]!), sidOf(guests[0]!)]);
    expect(all[0]!.values).toEqual({ name: "-2+3", café: "Kettle Lane" });
    expect(all[1]!.messages.map(({ from }) => from[0]).join("")).toBe("bbvbvbbvbbbvb");
    expect(await exported("text=nowhere")).toMatchObject({ json: [] });
  });

  it("give one conversation as CSV, one line a message, and as text to read", async () => {
    const sid = sidOf(guests[0]!);
    const csv = (await exported(`format=csv&conversation=${sid}`)).text;
    expect(csv.split("\r\n").slice(0, 2)).toEqual([
      "\uFEFFConversation,Flow,Version,Status,Time (UTC),From,Text",
      `${sid},${SURVEY},1,Ended,2026-03-01 09:01:00,Bot,"Thank you for visiting the Kettle Lane Café! May we ask you a few quick questions? It takes a minute, and we read every answer."`,
    ]);
    expect(csv).toContain('Visitor,"\'=HYPERLINK(""https://evil.example"",""more, cake"")"');
    const text = (await exported(`format=text&conversation=${sid}`)).text;
    expect(text.split("\n").slice(0, 12)).toEqual([
      `Conversation ${sid}`,
      `${SURVEY}, version 1, 2026-03-01 09:01:00 UTC, ended`,
      "Page: https://kettle.example/menu",
      "",
      "09:01:00 Bot:     Thank you for visiting the Kettle Lane Café! May we ask you a few quick questions? It takes a minute, and we read every answer.",
      "09:01:00 Bot:     How was your visit?",
      "                  - 😀 Great",
      "                  - 🙂 All right",
      "                  - 🙁 Not so good",
      "09:01:00 Visitor: 😀 Great",
      "09:01:00 Bot:     That makes us happy! What did you like most?",
      "                  - The coffee",
    ]);
  });
});

describe("counts", () => {
  it("say how many came to each state and how many stopped there, for a version and a time", async () => {
    const counts = async (query: string) => (await get(`/flows/${SURVEY}/counts?${query}`)).json as FlowCounts;
    const one = await counts("version=1");
    const at = (name: string) => one.states.find(({ state }) => state === name);
    expect([one.conversations, one.ended, one.waiting]).toEqual([2, 1, 0]);
    expect(at("askBetter")).toMatchObject({
      words: expect.stringMatching(/^What could we do better/),
      times: 2,
      conversations: 2,
      waiting: 0,
      stopped: 0,
    });
    expect(at("askAgain")).toEqual({
      state: "askAgain",
      words: "Will you come back?",
      times: 2,
      conversations: 2,
      waiting: 0,
      stopped: 1,
    });
    expect(at("visitFine")).toMatchObject({ times: 1 });
    expect((await counts("version=2")).states.find(({ state }) => state === "askVisit")).toMatchObject({ waiting: 1 });
    expect(one.versions).toEqual([
      { version: 1, conversations: 2, waiting: 0 },
      { version: 2, conversations: 2, waiting: 1 },
    ]);
    expect((await counts("from=2026-03-01&to=2026-03-02")).conversations).toBe(4);
    expect((await counts("from=2026-03-02")).states).toEqual([]);
  });
});
