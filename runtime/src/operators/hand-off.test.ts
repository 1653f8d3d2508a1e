import { join } from "node:path";
import { setImmediate as nextTurn } from "node:timers/promises";
import type { Deed, DeedDone } from "@parley/shared/api/conversations";
import { conversation } from "@parley/shared/session/conversation";
import { afterEach, expect, it } from "vitest";
import type { EventLog } from "../log/event-log.js";
import { createMemoryLog } from "../log/memory.js";
import { sidOfCookie } from "../proxy/sessions.js";
import { BareClient, choose, type, V1Client } from "../testing/clients.js";
import { FLOWS, serve } from "../testing/server.js";
import { send, signIn } from "../testing/studio.js";

const FLOW = "talk-to-a-person";
const cleanup: (() => unknown)[] = [];
afterEach(async () => {
  for (const step of cleanup.splice(0).reverse()) await step();
});

async function setUp() {
  const log: EventLog = createMemoryLog({ partitions: 1 });
  const runtime = await serve(log, { argv: [join(FLOWS, `${FLOW}.json`)] });
  cleanup.push(() => runtime.drain());
  runtime.studio.people.add({ id: "Ada", name: "Ada", role: "operator", password: null, created: 0 });
  const ada = await signIn(runtime, "Ada");
  // Else nobody is there, and it is over at once.
  await send(runtime.url, "PUT", "/api/availability", { headers: ada, body: { available: true } });
  let n = 0;
  const deed = async (sid: string, body: Partial<Deed>): Promise<DeedDone> => {
    const path = `/api/flows/${FLOW}/conversations/${sid}/deeds`;
    const answer = await send(runtime.url, "POST", path, { headers: ada, body: { id: `d${n++}`, ...body } });
    expect(answer.json).toMatchObject({ outcome: "done" });
    return answer.json as DeedDone;
  };
  return { runtime, log, deed, url: `${runtime.wsUrl}chat/${FLOW}` };
}

const FETCHED =
  "StartChatSession workshop One moment, I am getting somebody from the workshop. You can write already what it is about.";
/** What everybody knows: an editor with a text, texts in both directions, the editor closed, and what follows. */
const SEEN = [
  FETCHED,
  ...["UserText workshop My chain jumps.", "BotText Which bike is it?", "UserText workshop A red one."],
  ...["EndChatSession workshop", "BotText I hope that helped.", "ChoiceRequest more Is there anything else?"],
];
type Seen = {
  readonly kind: string;
  readonly sessionId?: string;
  readonly groupId?: string;
  readonly content?: string;
  readonly chatText?: string;
  readonly question?: string;
};
const told = ({ kind, sessionId, groupId, content, chatText, question }: Seen): string =>
  [kind, sessionId ?? groupId, content ?? chatText ?? question].filter((word) => word !== undefined).join(" ");
/** Of a conversation from the hand-off on. */
const fromThere = (messages: readonly Seen[]): string[] => {
  const words = messages.map(told);
  return words.slice(words.indexOf(FETCHED));
};

it("[H5, W2] a visitor who is handed over sees a chat session like any other, and then what follows", async () => {
  const { url, deed } = await setUp();
  const visitor = await V1Client.connect(url);
  const messages = () => visitor.messages.map(({ message }) => message as Seen);
  const seen = (words: string) => visitor.until(() => messages().some((one) => told(one) === words), words);
  const { sid } = visitor.welcome;
  await visitor.seq(2);
  await visitor.send(choose("topic", "person"));
  await seen(FETCHED);
  await visitor.send(type("workshop", "My chain jumps."));
  await seen("UserText workshop My chain jumps.");
  await visitor.send(choose("topic", "hours"));
  await visitor.until(() => visitor.all.find((frame) => frame.kind === "Refused" && frame.code === "paused"), "paused");
  const taken = await deed(sid, { kind: "Takeover", name: "Ada" });
  await deed(sid, { kind: "Say", act: taken.act!, text: "Which bike is it?" });
  await visitor.send(type("workshop", "A red one."));
  await seen("UserText workshop A red one.");
  await deed(sid, { kind: "GiveBack", after: taken.act! });
  await seen(SEEN.at(-1)!);
  expect(fromThere(messages())).toEqual(SEEN);
  const by = visitor.messages.flatMap(({ message, by }) =>
    by === undefined ? [] : [`${by} ${told(message as Seen)}`],
  );
  expect(by).toEqual(["Ada BotText Which bike is it?", "Ada EndChatSession workshop"]);
  // Whose work it is, and how long is waited, is not for visitors.
  for (const raw of visitor.raw) expect(raw).not.toMatch(/handOff|timeout|queue/);
  await visitor.send(choose("more", "no"));
  await visitor.until(() => visitor.all.find((frame) => frame.kind === "Turn" && frame.ended), "the end");
});

it("[H5, W1] so does one of the bare protocol, who knows no person", async () => {
  const { url, deed, log } = await setUp();
  const visitor = await BareClient.connect(url);
  const sid = sidOfCookie(visitor.cookie!);
  const seen = (words: string) => visitor.until(() => visitor.all.some((one) => told(one) === words), words);
  const logged = async (text: string) => {
    while (!conversation(await log.read(sid)).events.some((event) => textOf(event) === text)) await nextTurn();
  };
  await visitor.words(2);
  visitor.send(choose("topic", "person"));
  await seen(FETCHED);
  visitor.send(type("workshop", "My chain jumps."));
  // A text gets no answer while nobody is there: the log says when it has come.
  await logged("My chain jumps.");
  const taken = await deed(sid, { kind: "Takeover", name: "Ada" });
  await deed(sid, { kind: "Say", act: taken.act!, text: "Which bike is it?" });
  await seen("BotText Which bike is it?");
  visitor.send(type("workshop", "A red one."));
  await logged("A red one.");
  await deed(sid, { kind: "GiveBack", after: taken.act! });
  await seen(SEEN.at(-1)!);
  const own = (line: string) => line.startsWith("UserText");
  expect(fromThere(visitor.all)).toEqual(SEEN.filter((line) => !own(line)));
  const again = await BareClient.connect(url, { cookie: visitor.cookie! });
  await again.until(() => again.all.some((one) => told(one) === SEEN.at(-1)), "all of it");
  expect(fromThere(again.all)).toEqual(SEEN);
  for (const raw of again.raw) expect(raw).not.toMatch(/handOff|timeout|queue/);
});

const textOf = (event: object): string | undefined =>
  "message" in event ? (event.message as Seen).content : undefined;
