// @vitest-environment happy-dom
import type { Message } from "@parley/shared/message";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Socket } from "./connection.js";
import { mount } from "./conversation.js";
import { dresser } from "./dress.js";
import { Store } from "./storage.js";

const SID = "0123456789abcdef0123456789abcdef01234567";

/** What the conversation is moved to: each by its id, so that the same message stays the same. */
const HI: Message = { kind: "BotText", content: "Hi" };
const ASK: Message = {
  kind: "ChoiceRequest",
  groupId: "g",
  question: "Well?",
  choices: [{ itemId: "a", content: "A" }],
};
const ANSWER: Message = { kind: "ChoiceResponse", groupId: "g", itemId: "a", content: "A" };
const BYE: Message = { kind: "BotText", content: "Bye" };

let root: ShadowRoot;
let says: (frame: unknown) => void;
let sent: { kind: string; message?: unknown; re?: number }[];
let read: string[];
let timers: (() => void)[];
let end: () => void;

beforeEach(async () => {
  vi.stubGlobal("matchMedia", () => ({ matches: true, addEventListener: () => undefined }));
  const host = document.createElement("div");
  document.body.append(host);
  root = host.attachShadow({ mode: "open" });
  sent = [];
  read = [];
  timers = [];
  const socket: Socket = {
    onopen: null,
    onmessage: null,
    onclose: null,
    send: (data) => sent.push(JSON.parse(String(data))),
    close: () => undefined,
  };
  says = (frame) => socket.onmessage?.call({} as never, { data: JSON.stringify(frame) } as MessageEvent);
  const handle = mount(
    { host, root, mode: "inline", options: { flow: "f", server: "https://b.example" }, dress: dresser(host, root) },
    {
      connect: () => socket,
      setTimeout: (run) => {
        timers.push(run);
        return timers.length;
      },
      clearTimeout: (timer) => {
        timers[timer - 1] = () => undefined;
      },
      now: () => 0,
      random: () => 0,
      newId: () => "m1",
      store: (key) => new Store(undefined, key),
    },
  );
  handle.open(true);
  socket.onopen?.call({} as never, {} as Event);
  end = () => handle.destroy();
  welcome(2);
  tell([HI, ASK]);
  const log = root.querySelector("[role=log]")!;
  new MutationObserver((changes) => {
    if (log.getAttribute("aria-live") === "off") return;
    for (const { addedNodes } of changes) for (const node of addedNodes) read.push(node.textContent ?? "");
  }).observe(log, { childList: true, subtree: true });
});
afterEach(() => {
  end();
  document.body.replaceChildren();
  vi.unstubAllGlobals();
});

const welcome = (latest: number) =>
  says({
    kind: "Welcome",
    sid: SID,
    token: `${SID}.${"s".repeat(43)}`,
    flow: { id: "f", version: 1, appearance: {} },
    latest,
  });
const tell = (messages: readonly Message[], ids: readonly string[] = messages.map(({ kind }) => kind)) =>
  messages.forEach((message, i) => {
    says({ kind: "Message", seq: i + 1, at: "", id: `b.${ids[i]}`, message });
  });
const rows = () => [...root.querySelectorAll<HTMLElement>("[data-seq]")];
const words = () => rows().map((row) => row.querySelector(".bubble")!.textContent);

describe("a Resync", () => {
  it("draws what follows at once when all of it is there, and what is the same stays where it is", async () => {
    const [hi] = rows();
    welcome(3);
    says({ kind: "Resync" });
    tell([HI, { ...ASK, question: "Really?" } as Message]);
    // Half of it is nothing to look at.
    expect(words()).toEqual(["Bot: Hi", "Bot: Well?"]);
    says({ kind: "Message", seq: 3, at: "", id: "b.more", message: BYE });
    expect(words()).toEqual(["Bot: Hi", "Bot: Really?", "Bot: Bye"]);
    expect(rows()[0]).toBe(hi);
    says({ kind: "Turn", of: "s.1", ended: false });
    await Promise.resolve();
    expect(read).toEqual([]);
    // A moment later it is read as ever.
    for (const run of timers.splice(0)) run();
    says({ kind: "Message", seq: 4, at: "", id: "b.new", message: HI });
    await Promise.resolve();
    expect(read.join()).toContain("Hi");
  });

  it("[F6] a question that has another number by then is answered by that one", () => {
    welcome(3);
    says({ kind: "Resync" });
    tell([HI, BYE, ASK], ["BotText", "new", "ChoiceRequest"]);
    root.querySelector<HTMLButtonElement>(".choice")!.click();
    expect(sent.at(-1)).toMatchObject({ kind: "Send", re: 3 });
  });

  it("to an earlier moment takes no answer, until the next one", () => {
    welcome(2);
    says({ kind: "Resync", live: false });
    tell([HI, ASK]);
    const button = () => root.querySelector<HTMLButtonElement>(".choice")!;
    expect(button().getAttribute("aria-disabled")).toBe("true");
    button().click();
    expect(sent.filter(({ kind }) => kind === "Send")).toEqual([]);
    const editor = root.querySelector("textarea")!;
    expect([editor.disabled, editor.placeholder]).toEqual([true, "An earlier moment"]);
    welcome(2);
    says({ kind: "Resync" });
    tell([HI, ASK]);
    expect(editor.placeholder).toBe("Choose an option");
    button().click();
    expect(sent.at(-1)).toMatchObject({ kind: "Send", message: { ...ANSWER } });
  });

  it("to an empty conversation shows one", () => {
    welcome(0);
    says({ kind: "Resync" });
    expect(rows()).toEqual([]);
  });
});
