// @vitest-environment happy-dom
import type { Message } from "@parley/shared/message";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Socket } from "./connection.js";
import { mount } from "./conversation.js";
import { dresser } from "./dress.js";
import type { Inner, MountOptions } from "./mounting.js";
import type { Mode } from "./options.js";
import { Store } from "./storage.js";

const SID = "0123456789abcdef0123456789abcdef01234567";
const TOKEN = `${SID}.${"s".repeat(43)}`;

class FakeSocket implements Socket {
  onopen: Socket["onopen"] = null;
  onmessage: Socket["onmessage"] = null;
  onclose: Socket["onclose"] = null;
  sent: { kind: string; id?: string; re?: number; message?: unknown }[] = [];
  send(text: string) {
    this.sent.push(JSON.parse(text));
  }
  close() {}
  says(frame: unknown) {
    this.onmessage?.call(this as never, { data: JSON.stringify(frame) } as MessageEvent);
  }
  drops(code = 1006) {
    this.onclose?.call(this as never, { code, reason: "" } as CloseEvent);
  }
}

let host: HTMLElement;
let root: ShadowRoot;
let sockets: FakeSocket[];
let timers: { run: () => void; ms: number }[];
let store: Store;
let handle: Inner;
let events: [string, unknown][];
let now: number;
let seq: number;
let ids: number;
const server = () => sockets.at(-1)!;

/** What a screen reader would name the button. */
const buttons = (scope: ParentNode = root) =>
  [...scope.querySelectorAll("button")].filter((b) => !b.hidden && !b.closest("[hidden]"));
const named = (name: string) => {
  const found = buttons().find((b) => (b.getAttribute("aria-label") ?? b.textContent) === name);
  if (!found) throw new Error(`no button “${name}”`);
  return found;
};
const log = () => root.querySelector<HTMLElement>('[role="log"]')!;
const editor = () => root.querySelector("textarea")!;
const bubbles = () => [...log().querySelectorAll(".bubble:not(.dots)")].map((b) => b.textContent);
const typing = () => !root.querySelector<HTMLElement>(".dots")!.parentElement!.hidden;
const say = (message: Message, id?: string) => {
  seq++;
  server().says({ kind: "Message", seq, at: "2026-01-01T00:00:00Z", id: id ?? `b.${seq}`, message });
};
const ask = (groupId: string): Message => ({
  kind: "ChoiceRequest",
  groupId,
  question: `<b>${groupId}</b>?`,
  choices: [
    { itemId: "a", content: "<i>Tea</i>" },
    { itemId: "b", content: "Milk <img src=x onerror=1>" },
  ],
});

function start(
  appearance: unknown = {},
  options: { debug?: boolean; mode?: Mode } = {},
  more: Partial<MountOptions> = {},
) {
  handle = mount(
    {
      host,
      root,
      mode: options.mode ?? "bubble",
      options: { flow: "tea shop", server: "https://bots.example", debug: options.debug },
      debug: () => import("./debug-pane.js"),
      dress: dresser(host, root),
      ...more,
    },
    {
      connect: (url) => {
        expect(url).toBe("wss://bots.example/chat/tea%20shop");
        sockets.push(new FakeSocket());
        return server();
      },
      setTimeout: (run, ms) => {
        timers.push({ run, ms });
        return timers.length;
      },
      clearTimeout: (timer) => {
        timers[timer - 1] = { run: () => undefined, ms: -1 };
      },
      now: () => now,
      random: () => 0.5,
      newId: () => `m${++ids}`,
      store: () => store,
    },
  );
  handle.open(true);
  welcome(appearance);
}
function welcome(appearance: unknown = {}, latest = 0) {
  server().onopen?.call(server() as never, {} as Event);
  server().says({
    kind: "Welcome",
    sid: SID,
    token: TOKEN,
    latest,
    flow: { id: "tea shop", version: 1, appearance },
  });
}
/** Bot messages are shown at once when each comes long after the one before. */
const later = () => {
  now += 10_000;
};
const type = (text: string, key: KeyboardEventInit & { keyCode?: number } = { key: "Enter" }) => {
  editor().value = text;
  editor().dispatchEvent(new Event("input", { bubbles: true }));
  const event = new KeyboardEvent("keydown", { bubbles: true, cancelable: true, ...key });
  editor().dispatchEvent(event);
  return event;
};
const sends = () => server().sent.filter(({ kind }) => kind === "Send");

beforeEach(() => {
  host = document.createElement("div");
  root = host.attachShadow({ mode: "open" });
  document.body.append(host);
  sockets = [];
  timers = [];
  events = [];
  now = 0;
  seq = 0;
  ids = 0;
  store = new Store(undefined, "k");
  for (const name of ["ready", "open", "close", "message", "answer", "end", "error"]) {
    host.addEventListener(`parley:${name}`, (event) => events.push([name, (event as CustomEvent).detail]));
  }
});
afterEach(() => {
  handle.destroy();
  host.remove();
});

describe("a conversation in the page", () => {
  it("says in the page's title how much was said since it was closed, and leaves the title as it was", () => {
    document.title = "Shop";
    start();
    say({ kind: "BotText", content: "one" });
    expect(document.title).toBe("Shop");
    handle.close();
    say({ kind: "BotText", content: "two" });
    say({ kind: "BotText", content: "three" });
    expect(document.title).toBe("(2) Shop");
    handle.open(true);
    expect(document.title).toBe("Shop");
    handle.close();
    document.title = "Another view";
    say({ kind: "BotText", content: "four" });
    expect(document.title).toBe("(1) Another view");
    handle.destroy();
    expect(document.title).toBe("Another view");
  });

  it("draws a question as rich text with buttons, and the answer as one bubble in their place", () => {
    start();
    say(ask("drink"));
    expect(bubbles()).toEqual(["Bot: drink?"]);
    expect(log().querySelector(".bubble b")?.textContent).toBe("drink");
    expect(buttons(log()).map((b) => b.textContent)).toEqual(["Tea", "Milk "]);
    expect(log().querySelector("img")).toBeNull();
    named("Tea").click();
    expect(sends()).toMatchObject([{ re: 1, message: { kind: "ChoiceResponse", groupId: "drink", itemId: "a" } }]);
    expect(buttons(log())).toEqual([]);
    expect(bubbles()).toEqual(["Bot: drink?", "You: Tea"]);
    const bubble = log().querySelector(".visitor");
    say({ kind: "ChoiceResponse", groupId: "drink", itemId: "a", content: "<i>Tea</i>" }, sends()[0]?.id);
    expect(bubbles()).toEqual(["Bot: drink?", "You: Tea"]);
    expect(log().querySelector(".visitor")).toBe(bubble);
  });

  it("gives the buttons back when the answer was not taken", () => {
    start();
    say(ask("drink"));
    named("Tea").click();
    server().says({ kind: "Refused", id: sends()[0]?.id, code: "no-match" });
    expect(bubbles()).toEqual(["Bot: drink?"]);
    expect(named("Tea").getAttribute("aria-disabled")).toBeNull();
  });

  it("makes the buttons of a closed question inert and says so", () => {
    start();
    say(ask("drink"));
    later();
    say(ask("food"));
    say({ kind: "ChoiceResponse", groupId: "food", itemId: "a" }, "c.other");
    const [old] = buttons(log());
    expect(old?.getAttribute("aria-disabled")).toBe("true");
    const why = root.getElementById(old?.getAttribute("aria-describedby") ?? "");
    expect(why?.textContent).toBe("This question is no longer open");
    old?.click();
    expect(sends()).toEqual([]);
  });

  it("opens the editor with the prompt, sends with Enter, and closes it again", () => {
    start();
    expect(editor().disabled).toBe(true);
    expect(editor().placeholder).toBe("Choose an option");
    say({ kind: "StartChatSession", sessionId: "s", chatPrompt: "Your name", chatText: "Who are you?" });
    expect(editor().disabled).toBe(false);
    expect(editor().getAttribute("aria-label")).toBe("Your name");
    expect(bubbles()).toEqual(["Bot: Who are you?"]);
    expect(type("x", { key: "Enter", shiftKey: true }).defaultPrevented).toBe(false);
    expect(type("x", { key: "Enter", isComposing: true }).defaultPrevented).toBe(false);
    expect(type("x", { key: "Enter", keyCode: 229 } as KeyboardEventInit).defaultPrevented).toBe(false);
    expect(type("  ").defaultPrevented).toBe(true);
    expect(sends()).toEqual([]);
    expect(type("<b>Ann</b>").defaultPrevented).toBe(true);
    expect(sends()).toMatchObject([{ re: 1, message: { kind: "UserText", sessionId: "s", content: "<b>Ann</b>" } }]);
    expect(bubbles()[1]).toBe("You: <b>Ann</b>");
    expect(editor().value).toBe("");
    say({ kind: "EndChatSession", sessionId: "s" });
    expect(editor().disabled).toBe(true);
  });

  it("keeps a text that is too long in the editor and says why", () => {
    start();
    say({ kind: "StartChatSession", sessionId: "s" });
    const long = "é".repeat(2048);
    type(long);
    expect(sends()).toEqual([]);
    expect(editor().value).toBe(long);
    expect(root.querySelector('[role="alert"]')?.textContent).toMatch(/too long/);
    type("é".repeat(2047));
    expect(sends()).toHaveLength(1);
  });

  it("shows what is not sent yet, and lets what failed be sent again", () => {
    start();
    say({ kind: "StartChatSession", sessionId: "s" });
    type("hello");
    const [first] = sends();
    expect(log().querySelector(".sending")?.textContent).toContain("Sending…");
    server().says({ kind: "Ack", id: first?.id });
    expect(log().querySelector(".sending")).toBeNull();
    type("again");
    server().says({ kind: "Nack", id: sends()[1]?.id, code: "too-many" });
    expect(events.at(-1)).toEqual(["error", { code: "too-many", message: expect.any(String) }]);
    named("Try again").click();
    expect(sends()[2]).toMatchObject({ message: { content: "again" } });
    expect(sends()[2]?.id).not.toBe(sends()[1]?.id);
    expect(bubbles()).toHaveLength(2);
  });

  it("says in the settings' words when no answer fits", () => {
    start({ strings: { noMatch: "Bitte eine Zahl", unknown: "x", send: 7 } });
    say({ kind: "StartChatSession", sessionId: "s" });
    type("hello");
    server().says({ kind: "Refused", id: sends()[0]?.id, code: "no-match" });
    expect(log().querySelector(".failed")?.textContent).toBe("Bitte eine Zahl");
    expect(named("Send")).toBeDefined();
  });

  it("resumes after a lost connection without drawing anything twice", () => {
    start();
    say(ask("drink"));
    server().drops();
    expect(root.querySelector('[role="status"]')?.textContent).toMatch(/Offline/);
    named("Tea").click();
    window.dispatchEvent(new Event("online"));
    expect(sockets).toHaveLength(2);
    welcome({}, 1);
    expect(server().sent[0]).toEqual({ kind: "Hello", token: TOKEN, after: { seq: 1, id: "b.1" } });
    expect(sends()).toHaveLength(1);
    expect(bubbles()).toEqual(["Bot: drink?", "You: Tea"]);
  });

  it("reads all again when a message is missing", () => {
    start();
    say({ kind: "BotText", content: "one" });
    seq = 4;
    say({ kind: "BotText", content: "five" });
    expect(sockets).toHaveLength(2);
    welcome({}, 5);
    expect(server().sent[0]).toEqual({ kind: "Hello", token: TOKEN });
    seq = 4;
    say({ kind: "BotText", content: "five" });
    expect(bubbles()).toEqual(["Bot: five"]);
  });

  it("ends, starts again, and clears the pane", () => {
    start();
    say({ kind: "BotText", content: "bye" });
    server().says({ kind: "Turn", of: "first", ended: true });
    expect(root.querySelector(".over")?.textContent).toContain("This conversation has ended");
    expect(events.at(-1)?.[0]).toBe("end");
    named("Start again").click();
    expect(sends()).toMatchObject([{ message: { kind: "ResetSession" } }]);
    say({ kind: "ResetSession" }, sends()[0]?.id);
    say({ kind: "BotText", content: "Hi" });
    expect(bubbles()).toEqual(["Bot: Hi"]);
    expect(root.querySelector<HTMLElement>(".over")?.hidden).toBe(true);
  });

  it("shows typing only when the bot takes its time", () => {
    start();
    say(ask("drink"));
    named("Tea").click();
    expect(typing()).toBe(false);
    timers.find(({ ms }) => ms === 350)?.run();
    expect(typing()).toBe(true);
    server().says({ kind: "Turn", of: sends()[0]?.id, ended: false });
    expect(typing()).toBe(false);
  });

  it("shows messages that come together one by one, the editor after them", () => {
    start();
    say({ kind: "BotText", content: "one" });
    say({ kind: "BotText", content: "two" });
    say({ kind: "StartChatSession", sessionId: "s" });
    expect(bubbles()).toEqual(["Bot: one"]);
    expect(typing()).toBe(true);
    expect(editor().disabled).toBe(true);
    root.querySelector(".panel")?.dispatchEvent(new Event("pointerdown"));
    expect(bubbles()).toEqual(["Bot: one", "Bot: two"]);
    expect(editor().disabled).toBe(false);
    expect(typing()).toBe(false);
  });

  it("stays where the visitor reads, says that there is more, and goes there when he wants", () => {
    start();
    const more = () => buttons().some((button) => button.textContent === "New messages");
    Object.defineProperties(log(), { scrollHeight: { value: 1000 }, clientHeight: { value: 300 } });
    const reads = (from: number) => {
      log().scrollTop = from;
      log().dispatchEvent(new Event("scroll"));
    };
    const next = (content: string) => {
      later();
      say({ kind: "BotText", content });
    };
    next("one");
    expect([log().scrollTop, more()]).toEqual([1000, false]);
    reads(100);
    next("two");
    expect([log().scrollTop, more()]).toEqual([100, true]);
    named("New messages").click();
    expect([log().scrollTop, more()]).toEqual([1000, false]);
    reads(100);
    next("three");
    reads(690);
    expect(more()).toBe(false);
    next("four");
    expect([log().scrollTop, more()]).toEqual([1000, false]);
  });

  it("tells the page what is new, and not what is replayed", () => {
    start();
    say({ kind: "BotText", content: "one" });
    expect(events.map(([name]) => name)).toEqual(["open", "ready", "message"]);
    server().drops();
    window.dispatchEvent(new Event("online"));
    welcome({}, 2);
    say({ kind: "BotText", content: "two" });
    say({ kind: "UserText", sessionId: "s", content: "x" }, "c.other");
    // What came while the line was down was never told.
    expect(events.slice(3).map(([name]) => name)).toEqual(["message", "answer"]);
    server().says("nonsense");
    expect(events.at(-1)).toEqual(["error", { code: "bad-frame", message: "The server sent a frame without a kind." }]);
    handle.close();
    expect(events.at(-1)?.[0]).toBe("close");
  });

  it("takes the look of the settings, checked", () => {
    start({ title: "Tea", color: "#ffffee", avatar: "javascript:1", position: "left", greeting: "Hello <b>you</b>" });
    expect(root.querySelector('[role="dialog"]')?.getAttribute("aria-label")).toBe("Tea");
    const css = root.adoptedStyleSheets.flatMap((sheet) => [...sheet.cssRules].map((rule) => rule.cssText)).join("");
    expect(css).toContain("--parley-color: #ffffee; --parley-on: #000");
    expect(host.dataset.side).toBe("left");
    expect(root.querySelector("img")).toBeNull();
    expect(root.querySelector(".greeting")?.textContent).toBe("Hello <b>you</b>");
    server().says({
      kind: "Welcome",
      sid: SID,
      token: TOKEN,
      latest: 0,
      flow: { id: "x", version: 2, appearance: { color: "red;x", avatar: "/a.png" } },
    });
    expect(root.querySelector("img.avatar")?.getAttribute("src")).toBe("https://bots.example/a.png");
  });

  it("shows every frame in debug, never the token", async () => {
    start({}, { debug: true });
    say({ kind: "BotText", content: "one" });
    server().drops();
    window.dispatchEvent(new Event("online"));
    welcome();
    await vi.waitFor(() => expect(root.querySelector(".debug")).not.toBeNull());
    const text = root.querySelector(".debug")?.textContent ?? "";
    expect(text).toContain('> {"kind":"Hello","page":"http://localhost:3000/"}');
    expect(text).toContain('"content":"one"');
    expect(text).toContain('> {"kind":"Hello","token":"…","after"');
    expect(text).not.toContain("sss");
  });

  it("inline is a region, connects at once and has no close button", () => {
    start({}, { mode: "inline" });
    expect(root.querySelector('[role="region"]')).not.toBeNull();
    expect(buttons().map((b) => b.getAttribute("aria-label"))).not.toContain("Close chat");
    expect(sockets).toHaveLength(1);
  });

  it("gives up what was kept for a session that the server does not know any more", () => {
    store.token = `${"f".repeat(40)}.${"t".repeat(43)}`;
    store.add({ kind: "Send", id: "old", re: 3, message: { kind: "UserText", sessionId: "s", content: "lost" } });
    start();
    expect(sends()).toEqual([]);
    expect(bubbles()).toEqual([]);
    expect(store.token).toBe(TOKEN);
  });

  it("sends what a page before could not send", () => {
    store.token = TOKEN;
    store.add({ kind: "Send", id: "old", re: 3, message: { kind: "UserText", sessionId: "s", content: "kept" } });
    start();
    expect(sends().map(({ id }) => id)).toEqual(["old"]);
    expect(bubbles()).toEqual(["You: kept"]);
  });

  it("after an erased session, starts again with a new one", () => {
    start();
    say({ kind: "BotText", content: "one" });
    server().drops(4410);
    named("Start again").click();
    expect(sockets).toHaveLength(2);
    server().onopen?.call(server() as never, {} as Event);
    expect(server().sent).toEqual([{ kind: "Hello", page: "http://localhost:3000/" }]);
  });

  it("says for the visitor what the page says: a choice by its words or its name, else a text", () => {
    start();
    handle.send("Tea");
    expect(sends()).toEqual([]);
    say(ask("drink"));
    server().says({ kind: "Turn", of: "s.1", ended: false });
    expect(sends()).toMatchObject([{ re: 1, message: { kind: "ChoiceResponse", groupId: "drink", itemId: "a" } }]);
    say({ kind: "ChoiceResponse", groupId: "drink", itemId: "a" }, "m1");
    say({ kind: "StartChatSession", sessionId: "s" });
    server().says({ kind: "Turn", of: "m1", ended: false });
    handle.send("with <b>milk</b>");
    expect(sends().at(-1)).toMatchObject({ message: { kind: "UserText", content: "with <b>milk</b>" } });
    say({ kind: "UserText", sessionId: "s", content: "with <b>milk</b>" }, "m2");
    say({ kind: "EndChatSession", sessionId: "s" });
    server().says({ kind: "Turn", of: "m2", ended: true });
    handle.send("to nobody");
    expect(events.at(-1)).toEqual(["error", { code: "nothing-open", message: expect.any(String) }]);
  });

  it("a sign-out clears the pane at once, and who looks at it sees a fresh conversation", () => {
    start();
    say({ kind: "BotText", content: "secret" });
    handle.reset();
    expect(bubbles()).toEqual([]);
    expect(store.token).toBeUndefined();
    // One socket to void the token, one for what begins.
    expect(sockets).toHaveLength(3);
    server().onopen?.call(server() as never, {} as Event);
    expect(server().sent).toEqual([{ kind: "Hello", page: "http://localhost:3000/" }]);
  });

  it.each([
    ["a fresh one", () => Promise.resolve("jwt"), "jwt", []],
    ["none", () => Promise.reject(new Error("signed out")), undefined, ["not-identified"]],
  ] as const)("asks the page for a signed identity when it connects: %s", async (_what, identity, jwt, errors) => {
    const ports = {
      connect: () => {
        sockets.push(new FakeSocket());
        return server();
      },
      setTimeout: () => 0,
      clearTimeout: () => undefined,
      ...{ now: () => 0, random: () => 0, newId: () => "x", store: () => store },
    };
    const options = { flow: "tea shop", server: "https://bots.example" };
    handle = mount({ host, root, mode: "inline", options, identity }, ports);
    expect(sockets).toHaveLength(0);
    await vi.waitFor(() => expect(sockets).toHaveLength(1));
    server().onopen?.call(server() as never, {} as Event);
    expect((server().sent[0] as { jwt?: string }).jwt).toBe(jwt);
    const told = events.filter(([name]) => name === "error").map(([, detail]) => (detail as { code: string }).code);
    expect(told).toEqual(errors);
  });
});
