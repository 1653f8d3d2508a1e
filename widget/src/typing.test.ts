// @vitest-environment happy-dom
import { afterEach, describe, expect, it } from "vitest";
import { mount } from "./conversation.js";
import { dresser } from "./dress.js";
import type { Inner } from "./mounting.js";
import { Store } from "./storage.js";
import { FakeSocket } from "./testing/fake-socket.js";

const SID = "0123456789abcdef0123456789abcdef01234567";
let handle: Inner;
let root: ShadowRoot;
let now = 0;
afterEach(() => {
  handle.destroy();
  (root.host as HTMLElement).remove();
});

/** A conversation with a clock by hand. */
function start() {
  const host = document.createElement("div");
  root = host.attachShadow({ mode: "open" });
  document.body.append(host);
  const socket = new FakeSocket();
  let seq = 0;
  let timer = 0;
  const timers = new Map<number, { run: () => void; at: number }>();
  const later = (ms: number) => {
    now += ms;
    for (const [id, { run, at }] of [...timers]) {
      if (at > now || !timers.delete(id)) continue;
      run();
    }
  };
  handle = mount(
    {
      host,
      root,
      mode: "fullpage",
      options: { flow: "tea", server: "https://bots.example" },
      dress: dresser(host, root),
    },
    {
      connect: () => socket,
      setTimeout: (run, ms) => {
        timers.set(++timer, { run, at: now + ms });
        return timer;
      },
      clearTimeout: (id) => void timers.delete(id),
      now: () => now,
      random: () => 0.5,
      newId: () => `m${seq}`,
      store: () => new Store(undefined, "k"),
    },
  );
  socket.opens();
  const flow = { id: "tea", version: 1, appearance: {} };
  socket.says({ kind: "Welcome", sid: SID, token: `${SID}.${"s".repeat(43)}`, latest: 0, flow });
  const say = (message: object, by?: string, picture?: unknown) => {
    seq += 1;
    const at = "2026-01-01T00:00:00Z";
    socket.says({ kind: "Message", seq, at, id: `b.${seq}`, message, ...(by && { by }), picture });
  };
  const told = () => socket.sent.filter(({ kind }) => kind === "Typing").length;
  return { socket, say, told, later };
}

/** The faces of what was said, in its order: a picture's address, or the letter. */
const faces = () =>
  [...root.querySelectorAll<HTMLElement>(".row.bot > .who")].map(
    (face) => face.getAttribute("src") ?? face.textContent,
  );
const dots = () => root.querySelector<HTMLElement>(".dots")!.parentElement!;
const shown = () => (dots().hidden ? undefined : dots().textContent);
const type = (text: string) => {
  const area = root.querySelector("textarea")!;
  area.value = text;
  area.dispatchEvent(new Event("input"));
};

describe("typing", () => {
  it("[W2] of the visitor is told while a person reads it, once in three seconds, and not for an empty field", () => {
    const { say, told, later } = start();
    say({ kind: "StartChatSession", sessionId: "name" });
    later(10_000);
    type("A");
    expect(told()).toBe(0);
    say({ kind: "StartChatSession", sessionId: "operator" }, "Ada");
    for (const text of ["A", "Ab", ""]) type(text);
    expect(told()).toBe(1);
    later(2_999);
    type("Ab");
    expect(told()).toBe(1);
    later(1);
    type("");
    expect(told()).toBe(1);
    type("Abc");
    expect(told()).toBe(2);
    later(10_000);
    say({ kind: "EndChatSession", sessionId: "operator" }, "Ada");
    type("Abcd");
    expect(told()).toBe(2);
  });

  it("[W2] of a visitor that waits is told once the person has come, or types", () => {
    const { socket, say, told, later } = start();
    later(10_000);
    say({ kind: "StartChatSession", sessionId: "help", chatText: "One moment" });
    type("Hello?");
    expect(told()).toBe(0);
    socket.says({ kind: "Typing", by: "Ada" });
    type("Hello? Is");
    expect(told()).toBe(1);
    later(6_000);
    say({ kind: "BotText", content: "Hi" }, "Ada");
    type("Ah");
    expect(told()).toBe(2);
  });

  it("[W2] of a person is shown with his name, until he has said it, or for a while", () => {
    const { socket, say, later } = start();
    say({ kind: "StartChatSession", sessionId: "operator" }, "Ada");
    socket.says({ kind: "Typing", by: "Ada <b>L.</b>" });
    expect(shown()).toBe("AAda <b>L.</b> is typing");
    expect(dots().querySelector(".who")?.textContent).toBe("A");
    say({ kind: "BotText", content: "Hello" }, "Ada");
    expect(shown()).toBeUndefined();
    socket.says({ kind: "Typing", by: "Ada" });
    later(5_999);
    socket.says({ kind: "Typing", by: "Ada" });
    later(5_999);
    expect(shown()).toBe("AAda is typing");
    later(1);
    expect(shown()).toBeUndefined();
    // The bot's dots have its face again.
    say({ kind: "EndChatSession", sessionId: "operator" }, "Ada");
    later(10_000);
    for (const content of ["one", "two"]) say({ kind: "BotText", content });
    expect(shown()).toBe("");
    expect(dots().querySelector(".who")).toBeNull();
  });

  it("of a person is not shown while the network is away, and one of another shape never", () => {
    const { socket, say } = start();
    say({ kind: "StartChatSession", sessionId: "operator" }, "Ada");
    for (const by of [1, null, undefined]) socket.says({ kind: "Typing", by });
    expect(shown()).toBeUndefined();
    socket.says({ kind: "Typing", by: "Ada" });
    socket.drops();
    expect(shown()).toBeUndefined();
  });
});

describe("the face of a person", () => {
  const picture = `${"0f".repeat(32)}.png`;
  const address = `https://bots.example/assets/${picture}`;

  it("[W2] is his picture, also while he types, and the first letter of his name where that does not load", () => {
    const { socket, say } = start();
    say({ kind: "StartChatSession", sessionId: "operator" }, "Ada", picture);
    socket.says({ kind: "Typing", by: "Ada" });
    expect(dots().querySelector(".who")?.getAttribute("src")).toBe(address);
    for (const content of ["Hello", "you"]) say({ kind: "BotText", content }, "Ada", picture);
    say({ kind: "BotText", content: "Bob here" }, "Bob");
    const said = () => faces().filter((_face, n) => n < 3);
    expect(said()).toEqual([address, address, "B"]);
    const image = root.querySelector<HTMLImageElement>(".row.bot > .who")!;
    expect(image.getAttribute("alt")).toBe("");
    image.dispatchEvent(new Event("error"));
    expect(said()).toEqual(["A", address, "B"]);
    expect(root.querySelector(".row.bot > .who")?.getAttribute("aria-hidden")).toBe("true");
  });

  it.each([
    1,
    null,
    {},
    "",
    `${picture} `,
    `../${picture}`,
    `//evil.example/${picture}`,
    picture.replace("png", "svg"),
    picture.slice(2),
    picture.toUpperCase(),
  ])("is no picture where the server names it %j", (wrong) => {
    const { say } = start();
    say({ kind: "BotText", content: "Hello" }, "Ada", wrong);
    expect(faces()).toEqual(["A"]);
    expect(root.querySelector(".log img")).toBeNull();
  });
});
