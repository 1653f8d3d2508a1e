import { join } from "node:path";
import type { MadeLink, SharedDraft } from "@parley/shared/api/links";
import { CLOSE } from "@parley/shared/protocol/close-codes";
import Database from "better-sqlite3";
import { afterEach, describe, expect, it } from "vitest";
import type { Runtime } from "../runtime.js";
import { TABLE } from "../testing/access-table.js";
import { V1Client } from "../testing/clients.js";
import { scratch, serve } from "../testing/server.js";
import { type Answered, type Identity, StudioTab, send, signIn } from "../testing/studio.js";

const cleanup: (() => unknown)[] = [];
afterEach(async () => {
  for (const step of cleanup.splice(0).reverse()) await step();
});

const DAY = 24 * 3_600_000;
const FLOW = "bot-assistant";
const OVER = "This link has expired or was taken back. Ask who sent it to you for a new one.";

type Set = { runtime: Runtime; owner: Identity; clock: { ahead: number }; data: string; lines: string[] };

async function start(): Promise<Set> {
  const folder = scratch();
  cleanup.push(() => folder.dispose());
  const data = join(folder.path, "data");
  const clock = { ahead: 0 };
  const lines: string[] = [];
  const runtime = await serve(undefined, {
    env: { DATA_DIR: data },
    overrides: { now: () => Date.now() + clock.ahead },
    onLog: (line) => void lines.push(line),
  });
  cleanup.push(() => runtime.drain());
  return { runtime, owner: await signIn(runtime), clock, data, lines };
}

async function makeLink({ runtime, owner }: Set, wanted: object = {}): Promise<MadeLink & { right: string }> {
  const body = { follows: true, drawing: true, ...wanted };
  const answer = await send(runtime.url, "POST", `/api/flows/${FLOW}/links`, { headers: owner, body });
  expect(answer.status, answer.text).toBe(201);
  const link = answer.json as MadeLink;
  return { ...link, right: link.url.split("#")[1]! };
}
/** Over after ten seconds, and not days: of those each socket would die of itself. */
function soonOver({ runtime }: Set): { right: string; id: string } {
  const { studio } = runtime;
  const { key } = studio.flows.get(FLOW)!;
  const { secret, link } = studio.links.add({
    flow: key,
    frozen: undefined,
    drawing: true,
    person: "local",
    lasts: 10_000,
  });
  return { right: secret, id: link.id };
}

/** What a reader's page asks: without any cookie. */
const ask = ({ runtime }: Pick<Set, "runtime">, path: string, body: object): Promise<Answered> =>
  send(runtime.url, "POST", path, { headers: { origin: new URL(runtime.url).origin }, body });
const look = async (set: Set, link: string, more: object = {}): Promise<SharedDraft> => {
  const answer = await ask(set, "/api/shared", { link, ...more });
  expect(answer.status, answer.text).toBe(200);
  return answer.json as SharedDraft;
};
async function play(set: Set, link: string): Promise<{ preview: string; client: V1Client }> {
  const answer = await ask(set, "/api/shared/previews", { link });
  expect(answer.status, answer.text).toBe(200);
  const { preview, ticket } = answer.json as { preview: string; ticket: string };
  const url = `${set.runtime.url.replace(/^http/, "ws")}preview`;
  const client = await V1Client.connect(url, { ticket } as object, { origin: "null" });
  await client.until(() => client.all.some(({ kind }) => kind === "Turn"), "the first run");
  return { preview, client };
}
const texts = ({ all }: V1Client) =>
  all.flatMap((frame) => (frame.kind === "Message" && frame.message.kind === "BotText" ? [frame.message.content] : []));

type Saved = { flow: Record<string, { sendRequest?: object }>; layout: Record<string, unknown>; settings: object };
const draftOf = async ({ runtime, owner }: Set): Promise<{ draft: Saved; etag: string }> => {
  const answer = await send(runtime.url, "GET", `/api/flows/${FLOW}/draft`, { headers: owner });
  return { draft: answer.json as Saved, etag: String(answer.headers.etag) };
};
async function edit(set: Set, change: (draft: Saved) => void): Promise<void> {
  const { draft, etag } = await draftOf(set);
  change(draft);
  const headers = { ...set.owner, "if-match": etag };
  const answer = await send(set.runtime.url, "PUT", `/api/flows/${FLOW}/draft`, { headers, body: draft });
  expect(answer.status, answer.text).toBe(200);
}
const greet = (content: string) => (draft: Saved) => {
  draft.flow.greetings!.sendRequest = { kind: "BotText", content };
};
const codeOf = ({ json }: Answered) => (json as { code?: string } | undefined)?.code;

describe("a draft link", () => {
  it("is good for seven days if nothing else is said", async () => {
    const set = await start();
    const { right, expires, created } = await makeLink(set);
    expect(Date.parse(expires) - Date.parse(created)).toBe(7 * DAY);
    set.clock.ahead = 7 * DAY - 60_000;
    await look(set, right);
    set.clock.ahead = 7 * DAY + 1;
    expect(codeOf(await ask(set, "/api/shared", { link: right }))).toBe("link-over");
  });

  it("shows the draft as it is edited, or as it was, to somebody without an account", async () => {
    const set = await start();
    const follows = await makeLink(set);
    const frozen = await makeLink(set, { follows: false, drawing: false });
    const notes = [{ id: "n", text: "Only for us", x: 0, y: 0 }];
    await edit(set, (draft) => {
      greet("Only in the draft.")(draft);
      draft.layout = { notes, positions: { greetings: { x: 4, y: 8 } } };
    });
    const now = await look(set, follows.right);
    expect(now).toMatchObject({ follows: true, drawn: true, comments: [], goesOn: false, title: "Bot assistant" });
    // Notes are for who works on the flow.
    expect(now.drawing?.layout).toEqual({ positions: { greetings: { x: 4, y: 8 } } });
    expect(now.drawing?.flow).toHaveProperty("greetings.sendRequest.content", "Only in the draft.");
    expect(await look(set, follows.right, { have: now.etag })).not.toHaveProperty("drawing");
    const then = await look(set, frozen.right);
    expect(then).toMatchObject({ follows: false, drawn: false });
    expect(then).not.toHaveProperty("drawing");

    expect(texts((await play(set, follows.right)).client)).toEqual(["Only in the draft."]);
    expect(texts((await play(set, frozen.right)).client)).toEqual(["Hi, I'm Bot! Nice to meet you."]);
  });

  it("moves the conversations of its readers along with an edit; those of a kept draft stay", async () => {
    const set = await start();
    const [follows, frozen] = [await makeLink(set), await makeLink(set, { follows: false })];
    const [one, other] = [await play(set, follows.right), await play(set, frozen.right)];
    await edit(set, greet("Edited meanwhile."));
    await one.client.until(() => texts(one.client).includes("Edited meanwhile."), "the edit");
    expect(texts(other.client)).toEqual(["Hi, I'm Bot! Nice to meet you."]);
    // What leaves the conversation as it is moves nobody.
    const frames = one.client.all.length;
    await edit(set, (draft) => {
      draft.layout = { positions: { greetings: { x: 1, y: 1 } } };
    });
    await edit(set, greet("And once more."));
    await one.client.until(() => texts(one.client).includes("And once more."), "the next edit");
    expect(one.client.all.slice(frames).filter(({ kind }) => kind === "Resync")).toHaveLength(1);
  });

  it("a kept draft is there as long as its link, also when its state and its pictures are thinned", async () => {
    const set = await start();
    const { right } = await makeLink(set, { follows: false, days: 30 });
    for (const word of ["one", "two", "three"]) await edit(set, greet(word));
    const { key } = set.runtime.studio.flows.get(FLOW)!;
    set.runtime.studio.drafts.thin(key, Date.now() + 40 * DAY);
    expect(set.runtime.studio.drafts.states(key)).toHaveLength(1);
    expect(texts((await play(set, right)).client)).toEqual(["Hi, I'm Bot! Nice to meet you."]);
    const before = set.runtime.studio.blobs.count;
    set.clock.ahead = 61 * DAY;
    set.runtime.studio.links.tidy();
    expect(set.runtime.studio.links.list(key)).toEqual([]);
    expect(set.runtime.studio.blobs.count).toBeLessThan(before);
  });

  it("[P15] is stored hashed, and its right is in no log line and no list", async () => {
    const set = await start();
    const { right, url, id, loopback } = await makeLink(set);
    expect(url).toBe(`${set.runtime.url}shared#${right}`);
    expect(loopback).toBe(true);
    expect(right).toMatch(/^parleylink_[\w-]{43}$/);
    const { preview } = await play(set, right);
    await ask(set, "/api/shared/comments", { link: right, preview, author: "Ann", text: "Why?" });
    await ask(set, "/api/shared", { link: `${right}x` });
    const list = await send(set.runtime.url, "GET", `/api/flows/${FLOW}/links`, { headers: set.owner });
    expect(list.json).toMatchObject({ links: [{ id, comments: 1, follows: true, drawing: true, by: "Owner" }] });
    expect(list.text).not.toContain(right);
    expect(set.lines.join()).not.toContain(right);
    const db = new Database(join(set.data, "studio.db"), { readonly: true });
    cleanup.push(() => db.close());
    const tables = db.prepare<[], { name: string }>("SELECT name FROM sqlite_schema WHERE type = 'table'").all();
    for (const { name } of tables) {
      const rows = JSON.stringify(db.prepare(`SELECT * FROM ${name}`).all());
      expect(rows.includes(right), name).toBe(false);
    }
  });

  it.each(["expiry", "revocation", "its maker may not change flows", "its maker was removed", "its flow is put away"])(
    "[P15] after %s all is refused with one sentence, and running conversations end",
    async (how) => {
      const set = await start();
      const { runtime, clock } = set;
      const person = { id: "p", name: "Eve", role: "editor", password: null, created: 0 } as const;
      runtime.studio.people.add(person);
      const editor = { ...set, owner: await signIn(runtime, "p") };
      const { right, id } = how === "expiry" ? soonOver(set) : await makeLink(editor);
      const { preview, client } = await play(set, right);
      if (how === "expiry") clock.ahead = 10_001;
      if (how === "revocation") {
        const answer = await send(runtime.url, "DELETE", `/api/flows/${FLOW}/links/${id}`, { headers: set.owner });
        expect(answer.status).toBe(204);
      }
      if (how.startsWith("its maker may")) runtime.studio.people.change("p", { role: "viewer" });
      if (how.startsWith("its maker was")) runtime.studio.people.remove("p");
      if (how.startsWith("its flow")) {
        await send(runtime.url, "POST", `/api/flows/${FLOW}/archive`, { headers: set.owner });
      }
      for (const [path, body] of [
        ["/api/shared", { link: right }],
        ["/api/shared/previews", { link: right }],
        ["/api/shared/comments", { link: right, preview, author: "", text: "x" }],
        ["/api/shared/conversations", { link: right, preview, author: "" }],
      ] as const) {
        const answer = await ask(set, path, body);
        expect([answer.status, codeOf(answer), (answer.json as { title: string }).title], path).toEqual([
          410,
          "link-over",
          OVER,
        ]);
      }
      // Told at once by the server's own routes, else found when it looks the next time.
      expect((await client.whenClosed()).code).toBe(CLOSE.erased);
    },
  );

  it("[P15] opens nothing else: no other route, in whatever place it is sent", async () => {
    const set = await start();
    const { right } = await makeLink(set);
    const { preview } = await play(set, right);
    const origin = new URL(set.runtime.url).origin;
    const port = new URL(set.runtime.url).port;
    const names: Record<string, string> = {
      flow: FLOW,
      state: "1",
      version: "1",
      preview,
      conversation: "0".repeat(40),
    };
    for (const [route, { who }] of Object.entries(TABLE)) {
      if (who === "open") continue;
      const [method = "", template = ""] = route.split(" ");
      const path = template.replace(/\{(\w+)\}/g, (_, name: string) => names[name] ?? "one");
      const tries: [string, Parameters<typeof send>[3], string][] = [
        ["bearer", { headers: { origin, authorization: `Bearer ${right}` } }, path],
        ["cookie", { headers: { origin, cookie: `parley-${port}=${right}` } }, path],
        ["query", { headers: { origin } }, `${path}?link=${right}`],
        ["body", { headers: { origin }, body: { link: right, secret: right } }, path],
      ];
      for (const [place, given, to] of tries) {
        const answer = await send(set.runtime.url, method, to, given);
        expect([answer.status, codeOf(answer)], `${route} by ${place}`).toEqual([401, "not-signed-in"]);
      }
    }
    const signIn = await ask(set, "/api/session", { secret: right });
    expect(codeOf(signIn)).toBe("wrong-login");
    // Nor is anything else a right to a draft.
    const session = set.owner.cookie!.split("=")[1]!;
    expect(codeOf(await ask(set, "/api/shared", { link: session }))).toBe("link-over");
    for (const where of [`/api/shared?link=${right}`, `/api/shared/${right}`]) {
      const answer = await send(set.runtime.url, "POST", where, { headers: { origin }, body: {} });
      expect(answer.status, where).toBeGreaterThanOrEqual(400);
    }
    const elsewhere = await send(set.runtime.url, "POST", "/api/shared", {
      headers: { origin: "https://evil.example" },
      body: { link: right },
    });
    expect(codeOf(elsewhere)).toBe("foreign-origin");
  });

  it("[P15] opens no other draft and no conversation of another link", async () => {
    const set = await start();
    const body = { id: "secret", from: { kind: "blank" } };
    await send(set.runtime.url, "POST", "/api/flows", { headers: set.owner, body });
    const [one, other] = [await makeLink(set), await makeLink(set)];
    const { preview } = await play(set, one.right);
    expect((await look(set, other.right, { preview })).goesOn).toBe(false);
    expect((await look(set, one.right, { preview })).goesOn).toBe(true);
    const comment = { link: other.right, preview, author: "", text: "x" };
    expect(codeOf(await ask(set, "/api/shared/comments", comment))).toBe("not-found");
    expect(codeOf(await ask(set, "/api/shared/conversations", { link: other.right, preview, author: "" }))).toBe(
      "not-found",
    );
    for (const extra of [{ flow: "secret" }, { draft: {} }, { start: "x" }]) {
      expect(codeOf(await ask(set, "/api/shared/previews", { link: one.right, ...extra }))).toBe("invalid");
    }
    // A reader's conversation is no editor's: not even an owner's session moves it.
    const path = `/api/flows/${FLOW}/previews/${preview}`;
    const moved = await send(set.runtime.url, "PUT", path, { headers: set.owner, body: { inputs: [] } });
    expect(codeOf(moved)).toBe("not-found");
  });
});

describe("what readers say", () => {
  it("a comment becomes a note on its step, in the draft as it is then, and who has it open is told", async () => {
    const set = await start();
    const tab = await StudioTab.connect(set.runtime, set.owner);
    tab.say({ kind: "Look", flow: FLOW });
    await tab.until(() => tab.present !== undefined, "presence");
    const { right } = await makeLink(set);
    const { preview } = await play(set, right);
    const first = { link: right, preview, seq: 1, author: "  Ann\n Lee ", text: "Say <b>hello</b>!" };
    const answer = await ask(set, "/api/shared/comments", first);
    expect(answer.status, answer.text).toBe(200);
    await tab.until(
      () => tab.all.some((frame) => frame.kind === "DraftSaved" && frame.by === "Ann Lee (guest)"),
      "told",
    );
    // Without a number: the bot's last message.
    await ask(set, "/api/shared/comments", { link: right, preview, author: "", text: "Second" });
    const { draft } = await draftOf(set);
    // The first is the example's own.
    expect((draft.layout.notes as unknown[]).slice(1)).toMatchObject([
      { text: "Say <b>hello</b>!", author: "Ann Lee (guest)", state: "greetings" },
      { text: "Second", author: "Somebody (guest)", state: "langChoices" },
    ]);
    expect((await look(set, right)).comments).toMatchObject([
      { about: "Hi, I'm Bot! Nice to meet you.", text: "Say <b>hello</b>!", author: "Ann Lee (guest)" },
      { about: "What programming language do you use in your hobby projects?", text: "Second" },
    ]);
  });

  it("a comment and a save at once are both there", async () => {
    const set = await start();
    const { right } = await makeLink(set);
    const { preview } = await play(set, right);
    // Large enough to be packed on another thread: the saves meet.
    await edit(set, (draft) => {
      draft.flow.large = { sendRequest: { kind: "BotText", content: "x".repeat(200_000) } };
    });
    const say = (text: string) => ask(set, "/api/shared/comments", { link: right, preview, author: "", text });
    const answers = await Promise.all([say("one"), say("two"), say("three")]);
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
    const notes = (await draftOf(set)).draft.layout.notes as { text: string; author?: string }[];
    const said = notes.filter(({ author }) => author === "Somebody (guest)");
    expect(said.map(({ text }) => text).sort()).toEqual(["one", "three", "two"]);
  });

  it("comments have limits: 2,000 characters, 200 a link, ten a minute from one address", async () => {
    const set = await start();
    const { right, id } = await makeLink(set);
    const { preview } = await play(set, right);
    const say = (text: string) => ask(set, "/api/shared/comments", { link: right, preview, author: "", text });
    for (const text of ["", "  \n ", "x".repeat(2_001)]) expect(codeOf(await say(text))).toBe("invalid");
    expect((await say("x".repeat(2_000))).status).toBe(200);
    for (let n = 1; n < 10; n++) expect((await say("x")).status).toBe(200);
    const refused = await say("x");
    expect([codeOf(refused), (refused.json as { retryAfter: number }).retryAfter]).toEqual([
      "too-many-requests",
      expect.any(Number),
    ]);
    const at = new Date().toISOString();
    for (let n = 10; n < 200; n++) {
      set.runtime.studio.links.addComment(id, { about: "", author: "", text: "x", at });
    }
    set.clock.ahead = 60_001;
    expect(codeOf(await say("x"))).toBe("too-many-comments");
    const notes = (await draftOf(set)).draft.layout.notes as { author?: string }[];
    expect(notes.filter(({ author }) => author === "Somebody (guest)")).toHaveLength(10);
    expect(set.runtime.studio.links.countComments(id)).toBe(200);
  });

  it("a conversation is sent with its answers, is there after the link is gone, and is removed by who works on it", async () => {
    const set = await start();
    const { right, id } = await makeLink(set);
    const { preview, client } = await play(set, right);
    const go = { kind: "ChoiceResponse", groupId: "lang", itemId: "go" };
    client.frame({ kind: "Send", id: "a", message: go });
    await client.until(() => client.all.filter(({ kind }) => kind === "Turn").length === 2, "the second run");
    const answer = await ask(set, "/api/shared/conversations", { link: right, preview, author: "Ann" });
    expect(answer.status, answer.text).toBe(204);
    const headers = set.owner;
    await send(set.runtime.url, "DELETE", `/api/flows/${FLOW}/links/${id}`, { headers });
    const list = await send(set.runtime.url, "GET", `/api/flows/${FLOW}/links`, { headers });
    expect(list.json).toMatchObject({ links: [], sent: [{ author: "Ann (guest)", answers: 1 }] });
    const [sent] = (list.json as { sent: { id: string }[] }).sent;
    const path = `/api/flows/${FLOW}/sent/${sent!.id}`;
    expect((await send(set.runtime.url, "GET", path, { headers })).json).toEqual({
      author: "Ann (guest)",
      inputs: [{ kind: "answer", message: { ...go, content: "Go" }, asked: "langChoices" }],
    });
    expect((await send(set.runtime.url, "DELETE", path, { headers })).status).toBe(204);
    expect((await send(set.runtime.url, "GET", path, { headers })).status).toBe(404);
  });
});
