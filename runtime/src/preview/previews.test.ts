import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { FlowList } from "@parley/shared/api/flows";
import type { MadePreview, PreviewTrace } from "@parley/shared/api/preview";
import { SUBPROTOCOL } from "@parley/shared/protocol/v1";
import { afterEach, describe, expect, it, vi } from "vitest";
import { WebSocket } from "ws";
import { createMemoryLog } from "../log/memory.js";
import type { Runtime } from "../runtime.js";
import { opened, V1Client } from "../testing/clients.js";
import { FLOWS, serve } from "../testing/server.js";
import { type Identity, StudioTab, send, signIn, token } from "../testing/studio.js";

const cleanup: (() => unknown)[] = [];
afterEach(async () => {
  for (const step of cleanup.splice(0).reverse()) await step();
});

type Flow = Record<string, Record<string, Record<string, unknown>>>;
const FLOW = JSON.parse(readFileSync(join(FLOWS, "bot-assistant.json"), "utf8")) as Flow;
const PATH = "/api/flows/bot-assistant/previews";

async function start(env: Record<string, string> = {}) {
  const log = createMemoryLog({ partitions: 1 });
  const runtime = await serve(log, { env });
  cleanup.push(() => runtime.drain());
  const owner = await signIn(runtime);
  const tab = await StudioTab.connect(runtime, owner);
  return { runtime, owner: { ...owner, "parley-tab": tab.id! } as Identity, tab };
}

const draftOf = (change: (flow: Flow) => void = () => undefined, settings: object = {}) => {
  const flow = structuredClone(FLOW);
  change(flow);
  return { flow, settings };
};

async function make(runtime: Runtime, owner: Identity, body: object = { draft: draftOf() }): Promise<MadePreview> {
  const answer = await send(runtime.url, "POST", PATH, { headers: owner, body });
  expect(answer.status, answer.text).toBe(201);
  return answer.json as MadePreview;
}
async function change(runtime: Runtime, owner: Identity, id: string, body: object): Promise<PreviewTrace> {
  const answer = await send(runtime.url, "PUT", `${PATH}/${id}`, { headers: owner, body });
  expect(answer.status, answer.text).toBe(200);
  return answer.json as PreviewTrace;
}
const wsUrl = (runtime: Runtime) => `${runtime.url.replace(/^http/, "ws")}preview`;
const talk = (runtime: Runtime, ticket: string) =>
  V1Client.connect(wsUrl(runtime), { ticket } as object, { origin: "null" });
/** What the widget shows, from the last `Resync` on. */
const words = (client: V1Client): string[] => {
  const from = client.all.findLastIndex(({ kind }) => kind === "Resync") + 1;
  return client.all.slice(from).flatMap((frame) => {
    if (frame.kind !== "Message") return [];
    const { message } = frame;
    if (message.kind === "ChoiceRequest") return [`? ${message.groupId}`];
    if (message.kind === "StartChatSession" || message.kind === "EndChatSession") return [message.kind];
    if (message.kind === "ChoiceResponse") return [`> ${message.content}`];
    return message.kind === "UserText" ? [`> ${message.content}`] : [message.kind === "BotText" ? message.content : ""];
  });
};
const turns = (client: V1Client) => client.all.filter(({ kind }) => kind === "Turn").length;
const lang = (itemId: string) => ({ kind: "ChoiceResponse", groupId: "lang", itemId });
const zig = { kind: "UserText", sessionId: "langPreference", content: "Zig" };
const AT_OTHERS = [
  "Hi, I'm Bot! Nice to meet you.",
  "? lang",
  "> Other",
  "StartChatSession",
  "> Zig",
  "EndChatSession",
  "? others",
];

/** A preview whose widget has been brought to its third question. */
async function atThirdQuestion() {
  const set = await start();
  const { runtime, owner } = set;
  const made = await make(runtime, owner);
  const client = await talk(runtime, made.ticket);
  await client.until(() => turns(client) === 1, "the first run");
  client.frame({ kind: "Send", id: "a1", message: lang("other") });
  await client.until(() => turns(client) === 2, "the second run");
  client.frame({ kind: "Send", id: "a2", message: zig });
  await client.until(() => turns(client) === 3, "the third run");
  expect(words(client)).toEqual(AT_OTHERS);
  return { ...set, client, id: made.trace.preview };
}

describe("a preview", () => {
  it("talks on the draft that was sent along, and tells its tab what said and matched what", async () => {
    const { runtime, owner, tab } = await start();
    const draft = draftOf((flow) => {
      flow.greetings!.sendRequest!.content = "Only a draft.";
    });
    const { ticket, trace } = await make(runtime, owner, { draft });
    expect(trace).toMatchObject({ path: ["greetings", "langChoices"], waiting: ["langChoices"], live: true, at: 0 });
    const client = await talk(runtime, ticket);
    await client.until(() => turns(client) === 1, "the run");
    expect(words(client)).toEqual(["Only a draft.", "? lang"]);
    client.frame({ kind: "Send", id: "a", message: lang("go") });
    const told = await tab.until(
      () => tab.all.findLast((frame) => frame.kind === "PreviewTrace" && frame.trace.at === 1),
      "a trace",
    );
    expect(told).toMatchObject({
      trace: {
        path: ["greetings", "langChoices", "langChoiceGo", "anyOtherChoices"],
        waiting: ["anyOtherChoices"],
        inputs: [{ kind: "answer", message: lang("go"), asked: "langChoices" }],
        messages: [
          { seq: 1, state: "greetings" },
          { seq: 2, state: "langChoices" },
          { seq: 3, state: "langChoiceGo", mine: true },
          { seq: 4, state: "anyOtherChoices" },
        ],
        ended: false,
      },
    });
  });

  it("[P14] leaves nothing in the product's log, projections and metrics", async () => {
    const { runtime, owner } = await start();
    const before = await Promise.all([runtime.log.head(0), runtime.log.control.head()]);
    const counts = async () =>
      (await runtime.metrics.registry.metrics())
        .split("\n")
        .filter((line) => /^parley_(sess|inp|turn|sock)/.test(line));
    const metrics = await counts();
    const { ticket } = await make(runtime, owner);
    const client = await talk(runtime, ticket);
    client.frame({ kind: "Send", id: "a", message: lang("go") });
    await client.until(() => turns(client) === 2, "the run");
    expect(await Promise.all([runtime.log.head(0), runtime.log.control.head()])).toEqual(before);
    expect(await counts()).toEqual(metrics);
    const { sid } = client.welcome;
    expect(await runtime.log.read(sid)).toEqual([]);
  });

  it("of a broken draft runs where it is sound, and says where it is not", async () => {
    const { runtime, owner, tab } = await start();
    const draft = draftOf((flow) => {
      flow.langChoiceGo!.next = "nowhere" as never;
      delete flow.langChoiceRust;
      flow.bad = { sendRequest: { kind: "Nonsense" } };
    });
    const { ticket, trace } = await make(runtime, owner, { draft });
    const client = await talk(runtime, ticket);
    await client.until(() => turns(client) === 1, "the run");
    client.frame({ kind: "Send", id: "a", message: lang("rust") });
    await client.until(() => client.all.some(({ kind }) => kind === "Refused"), "no-match");
    const latest = (test: (trace: PreviewTrace) => boolean) =>
      tab.until(() => {
        const frame = tab.all.findLast((one) => one.kind === "PreviewTrace");
        return frame?.kind === "PreviewTrace" && test(frame.trace) ? frame.trace : undefined;
      }, "a trace");
    const refused = await latest((one) => one.refused !== undefined);
    expect(refused.refused).toEqual({ code: "no-match", state: "langChoices", item: "rust" });
    client.frame({ kind: "Send", id: "b", message: lang("go") });
    const failed = await latest((one) => one.failed !== undefined);
    expect(failed).toMatchObject({ failed: { state: "langChoiceGo" }, ended: true });
    // Mended, it goes on from the same answer.
    const mended = await change(runtime, owner, trace.preview, { draft: draftOf() });
    expect(mended).toMatchObject({ at: 1, waiting: ["anyOtherChoices"] });
    expect(mended.failed).toBeUndefined();
    // Nothing at all is a draft too.
    const empty = await change(runtime, owner, trace.preview, { draft: { flow: {}, settings: {} } });
    expect(empty).toMatchObject({ failed: { why: "the flow has no states" }, at: 0 });
  });
});

describe("an edit during a preview", () => {
  it("moves the widget to the new draft at the same question, and only its messages are other", async () => {
    const { runtime, owner, client, id } = await atThirdQuestion();
    const draft = draftOf(
      (flow) => {
        flow.greetings!.sendRequest!.content = "Edited.";
      },
      { title: "Other title" },
    );
    const trace = await change(runtime, owner, id, { draft });
    expect(trace).toMatchObject({ at: 2, waiting: ["anyOtherChoices"], live: true });
    expect(trace.parted).toBeUndefined();
    await client.until(() => turns(client) === 4, "the messages again");
    expect(words(client)).toEqual(["Edited.", ...AT_OTHERS.slice(1)]);
    const welcomes = client.all.flatMap((frame) => (frame.kind === "Welcome" ? [frame] : []));
    expect(new Set(welcomes.map(({ token }) => token)).size).toBe(1);
    expect(welcomes[1]).toMatchObject({ latest: 7, flow: { appearance: { title: "Other title" } } });
    // It goes on from there.
    client.frame({ kind: "Send", id: "a3", message: { kind: "ChoiceResponse", groupId: "others", itemId: "no" } });
    await client.until(() => client.all.some((frame) => frame.kind === "Turn" && frame.ended), "the end");
    expect(words(client).slice(-2)).toEqual(["> No", "Great, thanks!"]);
  });

  it("takes renames along", async () => {
    const { runtime, owner, client, id } = await atThirdQuestion();
    const text = JSON.stringify(FLOW).replaceAll('"lang"', '"language"').replaceAll('"langChoices"', '"ask"');
    const renames = [
      { kind: "renameGroup", from: "lang", to: "language" },
      { kind: "renameState", from: "langChoices", to: "ask" },
    ];
    const trace = await change(runtime, owner, id, { draft: { flow: JSON.parse(text), settings: {} }, renames });
    expect(trace.inputs[0]).toMatchObject({ message: { groupId: "language" }, asked: "ask" });
    expect(trace).toMatchObject({ at: 2, waiting: ["anyOtherChoices"] });
    await client.until(() => turns(client) === 4, "the messages again");
    expect(words(client)).toEqual(AT_OTHERS.map((word) => word.replace("? lang", "? language")));
  });

  it("that parts from the answers says where; undone, all of them are back", async () => {
    const { runtime, owner, client, id } = await atThirdQuestion();
    const without = draftOf((flow) => {
      const request = flow.langChoices!.sendRequest as { choices: { itemId: string }[] };
      request.choices = request.choices.filter(({ itemId }) => itemId !== "other");
    });
    const parted = await change(runtime, owner, id, { draft: without });
    expect(parted).toMatchObject({ at: 0, parted: { why: "answer-gone", input: 0, state: "langChoices" } });
    expect(parted.inputs).toHaveLength(2);
    expect(parted.waiting).toEqual(["langChoices"]);
    const back = await change(runtime, owner, id, { draft: draftOf() });
    expect(back).toMatchObject({ at: 2, waiting: ["anyOtherChoices"] });
    expect(back.parted).toBeUndefined();
    // Answered otherwise meanwhile, the old answers are given up.
    await change(runtime, owner, id, { draft: without });
    const before = turns(client);
    await client.until(() => words(client).length === 2, "the question");
    client.frame({ kind: "Send", id: "b1", message: lang("go") });
    await client.until(() => turns(client) > before, "the run");
    const now = await change(runtime, owner, id, { draft: draftOf() });
    expect(now.inputs).toMatchObject([{ message: lang("go") }]);
  });

  it("loses no answer that was sent while it was under way, and takes none twice", async () => {
    const { runtime, owner, client, id } = await atThirdQuestion();
    const message = { kind: "ChoiceResponse", groupId: "others", itemId: "yes" };
    const edits = Array.from({ length: 8 }, (_, n) =>
      change(runtime, owner, id, {
        draft: draftOf((flow) => {
          flow.greetings!.sendRequest!.content = `Edit ${n}`;
        }),
      }),
    );
    client.frame({ kind: "Send", id: "c1", message });
    const told = () => client.all.filter((frame) => "id" in frame && frame.id === "c1" && frame.kind !== "Message");
    for (let sent = 1; ; sent++) {
      const answer = await client.until(() => told()[sent - 1], "an answer");
      if (answer.kind === "Ack") break;
      expect(answer).toMatchObject({ kind: "Nack", code: "busy" });
      client.frame({ kind: "Send", id: "c1", message });
    }
    await Promise.all(edits);
    const last = await change(runtime, owner, id, { look: { theme: "dark" } });
    expect(last.inputs).toHaveLength(3);
    expect(last.at).toBe(3);
  });
});

describe("a preview in time", () => {
  it("shows an earlier moment that takes no answer, goes forward again, and forks there", async () => {
    const { runtime, owner, client, id } = await atThirdQuestion();
    const back = await change(runtime, owner, id, { at: 1 });
    expect(back).toMatchObject({ at: 1, live: false, waiting: ["startLangPrefSession"] });
    expect(back.inputs).toHaveLength(2);
    await client.until(() => turns(client) === 4, "the moment");
    expect(client.all.findLast(({ kind }) => kind === "Resync")).toEqual({ kind: "Resync", live: false });
    expect(words(client)).toEqual(AT_OTHERS.slice(0, 4));
    client.frame({ kind: "Send", id: "late", message: zig });
    await client.until(() => client.all.find((f) => f.kind === "Nack" && f.code === "bad-message"), "Nack");
    // An edit stays at the moment.
    expect(await change(runtime, owner, id, { draft: draftOf() })).toMatchObject({ at: 1, live: false });
    const now = await change(runtime, owner, id, { at: null });
    expect(now).toMatchObject({ at: 2, live: true, waiting: ["anyOtherChoices"] });
    const fork = await change(runtime, owner, id, { keep: 1 });
    expect(fork).toMatchObject({ at: 1, live: true });
    expect(fork.inputs).toHaveLength(1);
    await client.until(() => client.all.at(-1)?.kind === "Turn" && words(client).length === 4, "the fork");
    client.frame({ kind: "Send", id: "d1", message: { ...zig, content: "Odin" } });
    await client.until(() => words(client).includes("> Odin") && client.all.at(-1)?.kind === "Turn", "Odin");
  });

  it("starts where one says, over, and with other answers", async () => {
    const { runtime, owner, client, id } = await atThirdQuestion();
    const started = await change(runtime, owner, id, { start: "anyOtherChoices" });
    expect(started).toMatchObject({ path: ["anyOtherChoices"], at: 0, inputs: [] });
    await client.until(() => words(client).join() === "? others", "that question");
    // The widget's own start over begins there too.
    client.frame({ kind: "Send", id: "r", message: { kind: "ResetSession" } });
    await client.until(() => words(client).filter((word) => word === "? others").length === 2, "again");
    // Gone, it begins at the first and says so; back, it is back.
    const gone = await change(runtime, owner, id, { draft: draftOf((flow) => delete flow.anyOtherChoices) });
    expect(gone).toMatchObject({ parted: { why: "state-gone", state: "anyOtherChoices" }, waiting: ["langChoices"] });
    const back = await change(runtime, owner, id, { draft: draftOf() });
    expect(back.path).toEqual(["anyOtherChoices"]);
    const first = await change(runtime, owner, id, { start: null });
    expect(first.waiting).toEqual(["langChoices"]);
    const inputs = [{ kind: "answer", message: lang("go") }];
    expect(await change(runtime, owner, id, { inputs })).toMatchObject({ at: 1, waiting: ["anyOtherChoices"] });
  });
});

describe("[P14, P15] a ticket", () => {
  it("is good once, for a minute, and nothing else opens a preview", async () => {
    const clock = { now: Date.now() };
    const log = createMemoryLog({ partitions: 1 });
    const runtime = await serve(log, { overrides: { now: () => clock.now } });
    cleanup.push(() => runtime.drain());
    const owner = await signIn(runtime);
    const { ticket } = await make(runtime, owner);
    const client = await talk(runtime, ticket);
    const closedWith = async (hello: object) => {
      const other = await V1Client.raw(wsUrl(runtime), { origin: "null" });
      other.frame({ kind: "Hello", ...hello });
      return (await other.whenClosed()).code;
    };
    expect(await closedWith({ ticket })).toBe(4410);
    const { token: own, sid } = client.welcome;
    for (const token of [`${sid}.${"A".repeat(43)}`, `${sid}.`, "", ticket])
      expect(await closedWith({ token })).toBe(4410);
    expect(await closedWith({})).toBe(4410);
    // What the ticket was exchanged for is good as long as the preview is, and only here.
    const again = await V1Client.connect(wsUrl(runtime), { token: own }, { origin: "null" });
    expect(again.welcome.sid).toBe(sid);
    const chat = await V1Client.connect(`${runtime.wsUrl}chat/bot-assistant`, { token: own });
    expect(chat.welcome.sid).not.toBe(sid);
    const { ticket: late } = await make(runtime, owner);
    clock.now += 60_000;
    expect(await closedWith({ ticket: late })).toBe(4410);
  });

  it("is asked for by a page without an origin, or of this server, and by no other", async () => {
    const { runtime } = await start();
    const own = new URL(runtime.url).origin;
    for (const origin of [own, "null", undefined]) {
      await V1Client.raw(wsUrl(runtime), origin === undefined ? {} : { origin });
    }
    for (const [url, origin, status] of [
      [wsUrl(runtime), "https://evil.example", "403"],
      [wsUrl(runtime), "http://localhost:1", "403"],
      [`${runtime.wsUrl}chat/bot-assistant`, "null", "403"],
      [`${wsUrl(runtime)}/`, "null", "404"],
    ] as const) {
      const ws = new WebSocket(url, SUBPROTOCOL, { headers: { origin } });
      await expect(opened(ws), `${url} ${origin}`).rejects.toThrow(status);
    }
    await expect(opened(new WebSocket(wsUrl(runtime)))).rejects.toThrow("400");
  });

  it("and the preview are their maker's: nobody else finds it, and it goes when he may not stay", async () => {
    const { runtime, owner } = await start();
    const { trace, ticket } = await make(runtime, owner);
    const client = await talk(runtime, ticket);
    const path = `${PATH}/${trace.preview}`;
    const other = await signIn(runtime);
    const strangers = [other, token(runtime, ["flows:read", "flows:write"]).identity];
    for (const headers of strangers) {
      for (const [method, body] of [
        ["PUT", { at: null }],
        ["DELETE", undefined],
      ] as const) {
        expect((await send(runtime.url, method, path, { headers, body })).status).toBe(404);
      }
    }
    await send(runtime.url, "DELETE", "/api/session", { headers: owner });
    expect((await client.whenClosed()).code).toBe(4410);
  });
});

describe("an example that is played before it is taken", () => {
  const path = "/api/templates/booking/previews";
  const titles = async (runtime: Runtime, owner: Identity) =>
    ((await send(runtime.url, "GET", "/api/flows", { headers: owner })).json as FlowList).flows.map(({ id }) => id);

  it("talks as a preview does, is its maker's alone, and leaves no flow and no record behind", async () => {
    const { runtime, owner } = await start();
    const before = await titles(runtime, owner);
    const made = await send(runtime.url, "POST", path, { headers: owner });
    expect(made.status, made.text).toBe(201);
    const { ticket, trace } = made.json as MadePreview;
    const client = await talk(runtime, ticket);
    await client.until(() => turns(client) === 1, "the first run");
    expect(words(client).at(-1)).toBe("? service");
    client.frame({
      kind: "Send",
      id: "a1",
      message: { kind: "ChoiceResponse", groupId: "service", itemId: "beard" },
    });
    await client.until(() => turns(client) === 2, "the answer");
    expect(words(client).slice(-2)).toEqual(["> Beard trim", "? day"]);

    const own = `${path}/${trace.preview}`;
    const other = await signIn(runtime);
    for (const [who, at] of [
      [other, own],
      // Nor is it there as the preview of another example, or of a flow.
      [owner, own.replace("booking", "faq")],
      [owner, `${PATH}/${trace.preview}`],
    ] as const)
      expect((await send(runtime.url, "DELETE", at, { headers: who })).status, at).toBe(404);
    expect((await send(runtime.url, "DELETE", own, { headers: owner })).status).toBe(204);
    expect((await client.whenClosed()).code).toBe(4410);
    expect([runtime.previews.count, runtime.previews.records]).toEqual([0, 0]);
    expect(await titles(runtime, owner)).toEqual(before);
    expect((await send(runtime.url, "POST", path.replace("booking", "nothing"), { headers: owner })).status).toBe(404);
  });
});

describe("what previews hold", () => {
  it("[P17] is what is shown now, however often they were moved; and nothing once they ended", async () => {
    const { runtime, owner, client, id } = await atThirdQuestion();
    const { previews } = runtime;
    for (let n = 0; n < 30; n++) await change(runtime, owner, id, { draft: draftOf() });
    expect(previews.records).toBeLessThan(20);
    expect((await send(runtime.url, "DELETE", `${PATH}/${id}`, { headers: owner })).status).toBe(204);
    expect((await client.whenClosed()).code).toBe(4410);
    expect([previews.count, previews.records]).toEqual([0, 0]);
    // So many of one person; of more, the oldest ends.
    const made = [];
    for (let n = 0; n < 9; n++) made.push(await make(runtime, owner));
    expect(previews.count).toBe(8);
    const first = `${PATH}/${made[0]!.trace.preview}`;
    expect((await send(runtime.url, "PUT", first, { headers: owner, body: { at: null } })).status).toBe(404);
  });

  it("[P17] ends when its tab has been away for half a minute, and not while the tab is there", async () => {
    vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
    cleanup.push(() => vi.useRealTimers());
    const clock = { now: Date.now() };
    const log = createMemoryLog({ partitions: 1 });
    const runtime = await serve(log, { overrides: { now: () => clock.now } });
    cleanup.push(() => runtime.drain());
    const owner = await signIn(runtime);
    const tab = await StudioTab.connect(runtime, owner);
    await make(runtime, { ...owner, "parley-tab": tab.id! });
    const pass = () => {
      clock.now += 31_000;
      vi.advanceTimersByTime(5_000);
    };
    pass();
    expect(runtime.previews.count).toBe(1);
    await tab.close();
    // When the server has noticed, and then half a minute: not in the moment of a reconnect.
    for (let n = 0; n < 50 && runtime.previews.count > 0; n++) {
      pass();
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(runtime.previews.count).toBe(0);
  });

  it("tells every frame and record to whoever watches, and no secret", async () => {
    const { runtime, owner, tab, client, id } = await atThirdQuestion();
    await change(runtime, owner, id, { watch: true });
    client.frame({ kind: "Send", id: "w1", message: { kind: "ChoiceResponse", groupId: "others", itemId: "no" } });
    const lines = () => tab.all.flatMap((frame) => (frame.kind === "PreviewLog" ? frame.lines : []));
    await tab.until(() => lines().some(({ text, way }) => way === "in" && text.includes("w1")), "the frame");
    await tab.until(() => lines().some(({ text, way }) => way === "record" && text.includes("c.w1")), "the record");
    await tab.until(
      () => lines().some(({ text, way }) => way === "out" && text.includes("Great, thanks")),
      "the answer",
    );
    const text = JSON.stringify(lines());
    expect(text).toContain("Hi, I'm Bot!");
    expect(text).not.toContain(client.welcome.token);
  });
});
