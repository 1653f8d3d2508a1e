import { describe, expect, it } from "vitest";
import { check } from "../flow/check.js";
import { compile } from "../flow/compile.js";
import { answer, choice, flowFile, messages, play, said, text, turn } from "../testing/play.js";
import { NEW_SESSION, type SessionEvent, sessionJson } from "./state.js";
import { MAX_RUN, step } from "./step.js";

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

  it("[F3] a session waits while anything is open, and ends when the last is closed", () => {
    const flow = {
      a: { sendRequest: openChat("s"), next: "b" },
      b: { sendRequest: ask("s", "x") },
      x: { matchResponse: on("s", "x"), next: "still" },
      still: { sendRequest: say("The chat session of that id is open still") },
      t: { matchResponse: { kind: "UserText", sessionId: "s" }, next: "close" },
      close: { sendRequest: { kind: "EndChatSession", sessionId: "s" } },
    };
    const { said, session } = play(flow, answer(choice("s", "x")), answer(text("s", "bye")), answer(text("s", "more")));
    expect(said).toEqual([["a", "b", "turn"], ["still", "turn"], ["close", "turn ended"], ["turn stale ended"]]);
    expect(session.ended).toBe(true);
  });

  it("[F4] an item is taken when the request that opened its question last offers it", () => {
    const flow = {
      a: { sendRequest: ask("q", "x", "y") },
      x: { matchResponse: on("q", "x"), next: "less" },
      less: { sendRequest: ask("q", "y") },
      y: { matchResponse: on("q", "y") },
    };
    const { said } = play(flow, answer(choice("q", "x")), answer(choice("q", "x")), answer(choice("q", "y")));
    expect(said.slice(1)).toEqual([["less", "turn"], ["turn stale"], ["turn ended"]]);
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

  it("[F4] of two states for the same answer the first in file order wins", () => {
    const flow = {
      a: { sendRequest: ask("q", "x"), next: "chat" },
      chat: { sendRequest: openChat("s") },
      yes: { matchResponse: { kind: "UserText", sessionId: "s", content: "yes" }, next: "first" },
      again: { matchResponse: { kind: "UserText", sessionId: "s", content: " YES " }, next: "second" },
      x: { matchResponse: on("q", "x"), next: "first" },
      x2: { matchResponse: on("q", "x"), next: "second" },
      first: { sendRequest: say("first") },
      second: { sendRequest: say("second") },
    };
    const { said } = play(flow, answer(text("s", "Yes")), answer(choice("q", "x")));
    expect(said.slice(1)).toEqual([
      ["first", "turn"],
      ["first", "turn"],
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

  it("[F6] a bare answer, without re, means what is open now", () => {
    const flow = { a: { sendRequest: ask("q", "x") }, x: { matchResponse: on("q", "x"), next: "a" } };
    const { said } = play(flow, answer(choice("q", "x")), answer(choice("q", "x")), answer(choice("q", "x"), 3));
    expect(said.slice(1)).toEqual([["a", "turn"], ["a", "turn"], ["turn stale"]]);
  });

  it("[F7] an item that no state matches is refused as no-match, and the question stays open", () => {
    const flow = { a: { sendRequest: ask("q", "x", "y") }, x: { matchResponse: on("q", "x") } };
    const { said } = play(flow, answer(choice("q", "y")), answer(choice("q", "x")));
    expect(said.slice(1)).toEqual([["turn no-match"], ["turn ended"]]);
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

  it("[F8] bounds a cycle of states that send nothing", () => {
    const flow = {
      a: { matchResponse: on("q", "x"), next: "b" },
      b: { matchResponse: on("q", "y"), next: "a" },
    };
    expect(turn(play(flow).effects)).toMatchObject({ failed: expect.stringContaining("cycle"), ended: true });
  });

  it("[F9] the same events give the same conversation", () => {
    const events = [choice("lang", "other"), text("langPreference", "Zig"), choice("others", "yes")].map((a) =>
      answer(a),
    );
    const once = play(flowFile("bot-assistant"), ...events);
    const twice = play(flowFile("bot-assistant"), ...events);
    expect(sessionJson(twice.session)).toEqual(sessionJson(once.session));
    expect(twice.effects).toEqual(once.effects);
  });

  it("[F9] changes neither of its arguments", () => {
    const program = compile(flowFile("bot-assistant"));
    const [before] = step(program, NEW_SESSION, { kind: "begin" });
    const state = JSON.stringify(sessionJson(before));
    const [after] = step(program, before, answer(choice("lang", "go")));
    step(program, before, { kind: "variables", values: { name: "Ada" } });
    step(program, before, { kind: "reset" });
    expect(JSON.stringify(sessionJson(before))).toBe(state);
    expect(JSON.stringify(sessionJson(after))).not.toBe(state);
    expect(sessionJson(NEW_SESSION)).toMatchObject({ seq: 0, questions: [], variables: [], ended: false });
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
    expect(check(flow).map(({ code, pointer }) => `${code} ${pointer}`)).toEqual(["bad-shape /b/sendRequest/kind"]);
    expect(turn(play(flow).effects)).toMatchObject({ failed: expect.stringContaining('"b"') });
  });

  it("[F11] an unknown field is an error in check, wherever it stands", () => {
    const flow = {
      a: { sendRequest: { ...say("a"), colour: "red" }, next: "b", guard: "x" },
      b: { sendRequest: { ...ask("q", "x"), choices: [{ itemId: "x", content: "X", icon: "y" }] } },
      x: { matchResponse: { ...on("q", "x"), when: "now" }, next: "c" },
      c: { sendRequest: say("c") },
    };
    expect(check(flow).map(({ code, pointer }) => `${code} ${pointer}`)).toEqual([
      "bad-shape /a/sendRequest/colour",
      "bad-shape /a/guard",
      "bad-shape /b/sendRequest/choices/0/icon",
      "bad-shape /x/matchResponse/when",
    ]);
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

    it("are the last answer, before the page's value; an item's are its words as a choice shows them", () => {
      const again = {
        a: { sendRequest: { ...ask("q", "x", "y"), question: "{{q|First}}" } },
        x: { matchResponse: on("q", "x"), next: "a" },
        y: { matchResponse: on("q", "y"), next: "b" },
        b: { sendRequest: { ...ask("q", "x", "y"), choices: [{ itemId: "x", content: "one<br>line" }] }, next: "c" },
        c: { sendRequest: say("{{q}}") },
      };
      const page: SessionEvent = { kind: "variables", values: { q: "page" } };
      const asked = (...events: SessionEvent[]) => messages(play(again, ...events).effects)[0];
      expect(asked()).toMatchObject({ question: "First" });
      expect(asked(page, { kind: "reset" })).toMatchObject({ question: "page" });
      expect(asked(page, answer(choice("q", "x")))).toMatchObject({ question: "X" });
      const two = [answer(choice("q", "y")), answer(choice("q", "x"))];
      expect(asked(...two)).toMatchObject({ question: "one line" });
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

    it("may fill a message to the last of its 8,192 bytes", () => {
      const room = 8 * 1024 - JSON.stringify(say("")).length - 100;
      const filled = (around: string) => {
        const echo = {
          a: { sendRequest: openChat("s") },
          t: flow.t,
          echo: { sendRequest: say(`${around}{{s}}{{s}}`) },
        };
        return JSON.stringify(messages(play(echo, answer(text("s", "x".repeat(50)))).effects)[0]).length;
      };
      expect(filled("o".repeat(room))).toBe(8 * 1024);
      expect(filled("o".repeat(room + 1))).toBe(8 * 1024 + 1 - 50);
    });
  });
});
