import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { compile } from "../flow/compile.js";
import type { AnswerMessage } from "../message.js";
import { type Effect, NEW_SESSION, type Session, type SessionEvent } from "./state.js";
import { MAX_RUN, step } from "./step.js";

const flowFile = (name: string): unknown =>
  JSON.parse(readFileSync(new URL(`../../../flows/${name}.json`, import.meta.url), "utf8"));

const choice = (groupId: string, itemId: string): AnswerMessage => ({ kind: "ChoiceResponse", groupId, itemId });
const text = (sessionId: string, content: string): AnswerMessage => ({ kind: "UserText", sessionId, content });
const answer = (message: AnswerMessage, re?: number): SessionEvent => ({
  kind: "answer",
  message,
  ...(re !== undefined && { re }),
});
const said = (effects: readonly Effect[]): string[] =>
  effects.flatMap((e) =>
    e.kind === "send" ? [e.state] : [`turn${e.refused ? ` ${e.refused}` : ""}${e.ended ? " ended" : ""}`],
  );
const turn = (effects: readonly Effect[]) => effects.find((effect) => effect.kind === "turn")!;

/** Steps a flow from its beginning over events; what each said, and the last state. */
function play(flow: unknown, ...events: SessionEvent[]): { said: string[][]; session: Session; effects: Effect[] } {
  const program = compile(flow);
  let session = NEW_SESSION;
  let effects: Effect[] = [];
  const all: string[][] = [];
  for (const event of [{ kind: "begin" } as const, ...events]) {
    [session, effects] = step(program, session, event);
    all.push(said(effects));
  }
  return { said: all, session, effects };
}

const ask = (groupId: string, ...items: string[]) => ({
  kind: "ChoiceRequest",
  groupId,
  question: `${groupId}?`,
  choices: items.map((itemId) => ({ itemId, content: itemId.toUpperCase() })),
});
const say = (content: string) => ({ kind: "BotText", content });
const on = (groupId: string, itemId: string) => ({ kind: "ChoiceResponse", groupId, itemId });
const openChat = (sessionId: string) => ({ kind: "StartChatSession", sessionId });

describe("step", () => {
  it("plays the reference conversation", () => {
    const { said } = play(
      flowFile("bot-assistant"),
      answer(choice("lang", "other")),
      answer(text("langPreference", "Zig")),
      answer(choice("others", "no")),
    );
    expect(said).toEqual([
      ["greetings", "langChoices", "turn"],
      ["startLangPrefSession", "turn"],
      ["endLangPrefSession", "anyOtherChoices", "turn"],
      ["done", "turn ended"],
    ]);
  });

  it("[F1] starts at the first key, $schema apart", () => {
    const flow = { $schema: "x", b: { sendRequest: say("b") }, a: { sendRequest: say("a") } };
    expect(play(flow).said).toEqual([["b", "turn ended"]]);
  });

  it("[F2] a run follows next, through states that send nothing, and ends at a state without one", () => {
    const flow = {
      a: { sendRequest: say("a"), next: "m" },
      m: { matchResponse: on("q", "x"), next: "b" },
      b: { sendRequest: ask("q", "x") },
      c: { sendRequest: say("never") },
    };
    expect(play(flow, answer(choice("q", "x"))).said).toEqual([
      ["a", "b", "turn"],
      ["b", "turn"],
    ]);
  });

  it("[F3] opening what is open replaces it, items included; with nothing open the conversation has ended", () => {
    const flow = {
      a: { sendRequest: ask("q", "x"), next: "b" },
      b: { sendRequest: ask("q", "y") },
      x: { matchResponse: on("q", "x") },
      y: { matchResponse: on("q", "y") },
    };
    expect(play(flow, answer(choice("q", "x")), answer(choice("q", "y"))).said).toEqual([
      ["a", "b", "turn"],
      ["turn stale"],
      ["turn ended"],
    ]);
  });

  it("[F4] matches by ids only, the first state in file order, the text with content before the one without", () => {
    const flow = {
      a: { sendRequest: openChat("s") },
      any: { matchResponse: { kind: "UserText", sessionId: "s" }, next: "other" },
      zig: { matchResponse: { kind: "UserText", sessionId: "s", content: "Zig  ＬＡＮＧ" }, next: "isZig" },
      again: { matchResponse: { kind: "UserText", sessionId: "s" } },
      other: { sendRequest: say("other") },
      isZig: { sendRequest: say("zig") },
    };
    const { said } = play(flow, answer(text("s", " zig lang ")), answer(text("s", "Go")));
    expect(said.slice(1)).toEqual([
      ["isZig", "turn"],
      ["other", "turn"],
    ]);
  });

  it("[F4] reads numbers as ids", () => {
    const flow = {
      a: {
        sendRequest: { kind: "ChoiceRequest", groupId: 1, question: "?", choices: [{ itemId: 2, content: "two" }] },
      },
      m: { matchResponse: { kind: "ChoiceResponse", groupId: "1", itemId: 2 } },
    };
    expect(play(flow, answer(choice("1", "2"))).said[1]).toEqual(["turn ended"]);
  });

  it("[F5] an accepted choice closes every open question, a text closes nothing", () => {
    const flow = {
      a: { sendRequest: ask("p", "x"), next: "b" },
      b: { sendRequest: ask("q", "y"), next: "c" },
      c: { sendRequest: openChat("s") },
      px: { matchResponse: on("p", "x") },
      qy: { matchResponse: on("q", "y") },
      t: { matchResponse: { kind: "UserText", sessionId: "s" } },
    };
    const { said } = play(
      flow,
      answer(text("s", "1")),
      answer(choice("p", "x")),
      answer(choice("q", "y")),
      answer(text("s", "2")),
    );
    expect(said.slice(1)).toEqual([["turn"], ["turn"], ["turn stale"], ["turn"]]);
  });

  it("[F6] refuses as stale what is not open, and an answer to an older asking", () => {
    const flow = {
      a: { sendRequest: ask("q", "x", "end") },
      x: { matchResponse: on("q", "x"), next: "a" },
      end: { matchResponse: on("q", "end") },
    };
    const { said, session } = play(
      flow,
      answer(choice("q", "x"), 1), // seq 2, asked again as 3
      answer(choice("q", "x"), 1),
      answer(choice("q", "nothing")),
      answer(choice("other", "x")),
      answer(text("q", "x")),
      answer(choice("q", "end"), 3),
    );
    expect(said.slice(1)).toEqual([
      ["a", "turn"],
      ["turn stale"],
      ["turn stale"],
      ["turn stale"],
      ["turn stale"],
      ["turn ended"],
    ]);
    expect(session.seq).toBe(4);
  });

  it("[F7] refuses as no-match what no state matches, and changes nothing", () => {
    const flow = {
      a: { sendRequest: openChat("s") },
      yes: { matchResponse: { kind: "UserText", sessionId: "s", content: "yes" } },
    };
    const program = compile(flow);
    const [session] = step(program, NEW_SESSION, { kind: "begin" });
    const [after, effects] = step(program, session, answer(text("s", "no")));
    expect(after).toBe(session);
    expect(said(effects)).toEqual(["turn no-match"]);
  });

  it("[F8] bounds a run: a cycle of next ends the session with a reason", () => {
    const cycle = { a: { sendRequest: say("a"), next: "b" }, b: { sendRequest: ask("q", "x"), next: "a" } };
    const { effects, session } = play(cycle);
    expect(turn(effects)).toMatchObject({ failed: expect.stringContaining("cycle"), ended: true });
    expect(session.questions.size).toBe(0);
    const long = Object.fromEntries(
      Array.from({ length: MAX_RUN + 1 }, (_, i) => [
        `s${i}`,
        { sendRequest: say("x"), ...(i < MAX_RUN && { next: `s${i + 1}` }) },
      ]),
    );
    expect(turn(play(long).effects)).toMatchObject({ failed: expect.stringContaining("1000 requests") });
    expect(play(long).effects.length).toBe(MAX_RUN + 1);
  });

  it("[F9] changes neither of its arguments", () => {
    const program = compile(flowFile("bot-assistant"));
    const [before] = step(program, NEW_SESSION, { kind: "begin" });
    const questions = [...before.questions.keys()];
    step(program, before, answer(choice("lang", "go")));
    expect([...before.questions.keys()]).toEqual(questions);
    expect(NEW_SESSION.seq).toBe(0);
  });

  it("[F10] looks nothing up by walking: the states of a program are asked by name only", () => {
    const program = compile(flowFile("bot-assistant"));
    const asked: string[] = [];
    const states = new Proxy(program.states, {
      get: (map, key) => {
        if (key === "get") {
          return (name: string) => {
            asked.push(name);
            return map.get(name);
          };
        }
        if (key === "size") return map.size;
        throw new Error(`step used ${String(key)} of the states`);
      },
    });
    const [session] = step({ ...program, states }, NEW_SESSION, { kind: "begin" });
    step({ ...program, states }, session, answer(choice("lang", "rust")));
    expect(asked).toEqual(["greetings", "langChoices", "langChoiceRust", "anyOtherChoices"]);
  });

  it("[F11] an unknown kind is not run: check reports it, and the rest still runs", () => {
    const flow = { a: { sendRequest: say("a"), next: "b" }, b: { sendRequest: { kind: "Video", content: "x" } } };
    expect(turn(play(flow).effects)).toMatchObject({ failed: expect.stringContaining('"b"') });
  });

  describe("[F12] values", () => {
    const flow = {
      a: { sendRequest: say("Hi {{name|there}}{{nothing}}!"), next: "q" },
      q: { sendRequest: { ...ask("lang", "c"), choices: [{ itemId: "c", content: "<b>C</b> & more" }] } },
      c: { matchResponse: on("lang", "c"), next: "chat" },
      chat: { sendRequest: { kind: "StartChatSession", sessionId: "s", chatPrompt: "{{lang}}", chatText: "{{lang}}" } },
      t: { matchResponse: { kind: "UserText", sessionId: "s" }, next: "echo" },
      echo: { sendRequest: say('<b>{{s}}</b> <a href="/{{s}}">x</a> <{{s}}b>') },
    };
    const messages = (effects: readonly Effect[]) => effects.flatMap((e) => (e.kind === "send" ? [e.message] : []));

    it("are the visitor's answers, the page's variables or a fallback, as text", () => {
      const begun = play(flow);
      expect(messages(begun.effects)[0]).toEqual(say("Hi there!"));
      const chosen = play(flow, answer(choice("lang", "c")));
      expect(messages(chosen.effects)).toEqual([
        { kind: "StartChatSession", sessionId: "s", chatPrompt: "C & more", chatText: "C &amp; more" },
      ]);
      const typed = play(flow, answer(choice("lang", "c")), answer(text("s", "<i>{{lang}}</i>")));
      expect(messages(typed.effects)).toEqual([
        say('<b>&lt;i&gt;{{lang}}&lt;/i&gt;</b> <a href="/{{s}}">x</a> &lt;&lt;i&gt;{{lang}}&lt;/i&gt;b>'),
      ]);
    });

    it("of the page are kept through a start over, of the visitor not", () => {
      const { effects } = play(flow, { kind: "variables", values: { name: "Ada" } }, { kind: "reset" });
      expect(messages(effects)[0]).toEqual(say("Hi Ada!"));
    });

    it("are used up to 500 characters, and dropped where a message would pass 8 KiB", () => {
      const long = "ü".repeat(2000);
      const { effects } = play(flow, answer(choice("lang", "c")), answer(text("s", long)));
      expect(messages(effects)[0]).toMatchObject({ content: expect.stringContaining(`<b>${"ü".repeat(500)}</b>`) });
      const many = { a: { sendRequest: openChat("s") }, t: flow.t, echo: { sendRequest: say("{{s}}".repeat(30)) } };
      const [message] = messages(play(many, answer(text("s", "x".repeat(500)))).effects);
      const size = JSON.stringify(message).length;
      expect(size).toBeLessThanOrEqual(8 * 1024);
      expect(size).toBeGreaterThan(8 * 1024 - 600);
    });
  });
});
