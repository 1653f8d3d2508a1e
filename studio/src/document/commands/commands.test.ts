import { readFileSync } from "node:fs";
import { check } from "@parley/shared/flow/check";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { applyAll } from "../apply.js";
import { anyDraft } from "../draft.arbitrary.js";
import { type Draft, type FlowJson, stateNames } from "../draft.js";
import { followNames } from "../follow-names.js";
import { restOf } from "../rest.js";
import { readSteps } from "../steps.js";
import { addMessage, addQuestion, addText, insertOnEdge } from "./add.js";
import { addAnswer, moveAnswer, removeAnswer, setExpectedText } from "./answers.js";
import { askInstead } from "./ask.js";
import type { CommandResult } from "./command.js";
import { connect, disconnect, leadRest, setStart, splice, spliceStart } from "./connect.js";
import { anyGesture, GESTURES, type Gesture, type GestureKind, perform } from "./gesture.arbitrary.js";
import { moveInOrder } from "./order.js";
import { canReconnect, remove } from "./remove.js";
import { renameChat, renameGroup, renameItem, renameState } from "./rename.js";
import { readText, setText } from "./text.js";

const EMPTY: Draft = { flow: {}, layout: {}, settings: {} };
const BOT: FlowJson = JSON.parse(
  readFileSync(new URL("../../../../flows/bot-assistant.json", import.meta.url), "utf8"),
);
const bot: Draft = { ...EMPTY, flow: BOT };
/** With a text question that expects one text only, a note and a group. */
const rich: Draft = {
  flow: {
    ...BOT,
    askSure: { sendRequest: { kind: "StartChatSession", sessionId: "sure", chatText: "Sure?" } },
    sureYes: { matchResponse: { kind: "UserText", sessionId: "sure", content: "Yes" }, next: "done" },
    person: { sendRequest: { kind: "HandOff", handOffId: "person", queue: "Sales", timeout: 300 } },
  },
  layout: {
    notes: [{ id: "n", text: "Look", x: 0, y: 0 }],
    groups: [{ id: "g", title: "G", states: ["done"] }],
  },
  settings: {},
};
const counter = () => {
  let last = 0;
  return () => `n${++last}`;
};

/** The draft after a command that did something. */
function after(draft: Draft, result: CommandResult): Draft {
  expect(result.refused).toBeUndefined();
  expect(result.changes).not.toEqual([]);
  return applyAll(draft, result.changes).draft;
}
const links = (draft: Draft) => readSteps(draft).edges.map(({ from, port, to }) => `${from} ${port} ${to}`);
const codes = (draft: Draft) => check(draft.flow).map(({ code }) => code);

describe("the other answers", () => {
  const asked = after(EMPTY, addQuestion(EMPTY, { text: "So?", answers: ["Yes", "No", "Perhaps", "Why"] }));
  const said = after(asked, addMessage(asked, { text: "Oh", after: { step: "so", port: "answer:no" } }));
  const draft = after(said, connect(said, { from: { step: "so", port: "answer:why" }, to: "so" }));
  const port = (draft: Draft, inHand?: string) =>
    restOf(readSteps(draft).byId.get("so"), inHand === undefined ? undefined : { step: "so", port: inHand })?.port;

  it("are led where one leads, if they lead nowhere yet", () => {
    const result = leadRest(draft, { from: { step: "so", port: "answer:no" } });
    expect(result.says).toBe("2 more lead there.");
    expect(links(after(draft, result))).toEqual([
      ...["so answer:yes oh", "so answer:no oh", "so answer:perhaps oh", "so answer:why so"],
    ]);
    expect(leadRest(after(draft, result), { from: { step: "so", port: "answer:no" } }).refused).toBeDefined();
    expect(leadRest(draft, { from: { step: "so", port: "answer:yes" } }).refused).toBeDefined();
  });

  it("follow the one in hand, else the last that leads somewhere", () => {
    expect([port(draft), port(draft, "answer:no"), port(draft, "answer:yes")]).toEqual([
      ...["answer:why", "answer:no", "answer:why"],
    ]);
    expect(port(asked)).toBeUndefined();
  });
});

describe("commands", () => {
  it.each(Object.keys(GESTURES) as GestureKind[])("%s does something, and undone gives the draft of before", (kind) => {
    let does = 0;
    for (let a = 0; a < 20; a++) {
      for (let b = 0; b < 8; b++) {
        const { changes } = perform(rich, { kind, a, b, word: a % 2 ? "Well then" : "" }, counter());
        const { draft, inverse } = applyAll(rich, changes);
        if (inverse.length > 0) does += 1;
        expect(JSON.stringify(applyAll(draft, inverse).draft)).toBe(JSON.stringify(rich));
      }
    }
    expect(does).toBeGreaterThan(0);
  });

  it("any of them, one after the other, whatever the draft holds, can be undone; and none throws", () => {
    const runs = (draft: Draft, gestures: readonly Gesture[]) => {
      const ids = counter();
      let now = draft;
      for (const gesture of gestures) {
        const { changes, select = [], refused } = perform(now, gesture, ids);
        const done = applyAll(now, changes);
        if (refused !== undefined) expect(changes).toEqual([]);
        expect(JSON.stringify(applyAll(done.draft, done.inverse).draft)).toBe(JSON.stringify(now));
        for (const key of select)
          if (!/^(note|group):/.test(key)) expect(Object.hasOwn(done.draft.flow, key)).toBe(true);
        now = done.draft;
      }
    };
    const gestures = fc.array(anyGesture, { maxLength: 12 });
    fc.assert(
      fc.property(gestures, (gestures) => runs(EMPTY, gestures)),
      { numRuns: 300 },
    );
    fc.assert(
      fc.property(gestures, (gestures) => runs(bot, gestures)),
      { numRuns: 300 },
    );
    fc.assert(fc.property(anyDraft, gestures, runs), { numRuns: 300 });
  });

  it("from a sound flow, gestures leave a flow of plain steps, whatever they are", () => {
    const unsound = new Set([
      "bad-shape",
      "bad-name",
      "duplicate-match",
      "duplicate-item",
      "group-reused",
      "next-missing",
    ]);
    fc.assert(
      fc.property(fc.array(anyGesture, { maxLength: 15 }), (gestures) => {
        const ids = counter();
        let draft = bot;
        for (const gesture of gestures) {
          // In the States view single answers can be moved away, copied and deleted.
          if (gesture.a % 5 === 0 || gesture.kind === "moveLast") continue;
          const step = readSteps(draft);
          const result = perform(draft, gesture, ids);
          const now = applyAll(draft, result.changes).draft;
          const follow = followNames(now, { before: draft, steps: result.follow ?? [], published: new Set() });
          draft = applyAll(now, follow).draft;
          expect(step.steps.every(({ why }) => why === undefined)).toBe(true);
        }
        expect(check(draft.flow).filter(({ code }) => unsound.has(code))).toEqual([]);
        expect(readSteps(draft).steps.filter(({ why, kind }) => why !== undefined || kind === "answer")).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });

  it("build the conversation of bot-assistant.json, as the file has it up to names and ids", () => {
    let draft = after(EMPTY, addMessage(EMPTY, { text: "Hi, I'm Bot! Nice to meet you." }));
    const [hello] = stateNames(draft.flow);
    draft = after(
      draft,
      addQuestion(draft, {
        after: { step: hello!, port: "then" },
        text: "What programming language do you use in your hobby projects?",
        answers: ["Rust", "Go", "Other"],
      }),
    );
    const ask = readSteps(draft).byId.get(hello!)!.ports[0]!.to!;
    draft = after(
      draft,
      addText(draft, {
        after: { step: ask, port: "answer:other" },
        prompt: "Type your preferred language here...",
        text: "I enabled chat editor",
      }),
    );
    const text = readSteps(draft).byId.get(ask)!.ports[2]!.to!;
    draft = after(
      draft,
      addQuestion(draft, { after: { step: text, port: "other-text" }, text: "Any other?", answers: ["Yes", "No"] }),
    );
    const any = readSteps(draft).byId.get(text)!.ports[0]!.to!;
    draft = after(draft, addMessage(draft, { after: { step: any, port: "answer:no" }, text: "Great, thanks!" }));
    for (const port of ["answer:rust", "answer:go"]) {
      draft = after(draft, connect(draft, { from: { step: ask, port }, to: any }));
    }
    draft = after(draft, connect(draft, { from: { step: any, port: "answer:yes" }, to: ask }));
    expect(check(draft.flow)).toEqual([]);
    expect(Object.keys(draft.flow)).toEqual([
      "hiImBotNice",
      "whatProgrammingLanguageDo",
      "whatProgrammingLanguageDoRust",
      "whatProgrammingLanguageDoGo",
      "whatProgrammingLanguageDoOther",
      "iEnabledChatEditor",
      "iEnabledChatEditorText",
      "iEnabledChatEditorEnd",
      "anyOther",
      "anyOtherYes",
      "anyOtherNo",
      "greatThanks",
    ]);
    // Then the names are set by hand, and the file is the same byte for byte.
    const mine = Object.keys(draft.flow);
    stateNames(BOT).forEach((to, i) => {
      if (mine[i] !== to) draft = after(draft, renameState(draft, { state: mine[i]!, to }));
    });
    draft = after(draft, renameGroup(draft, { step: "langChoices", to: "lang" }));
    draft = after(draft, renameGroup(draft, { step: "anyOtherChoices", to: "others" }));
    draft = after(draft, renameChat(draft, { step: "startLangPrefSession", to: "langPreference" }));
    expect(JSON.stringify(draft.flow)).toBe(JSON.stringify(BOT));
  });
});

describe("adding", () => {
  it("puts a step behind the states of the one it follows, and connects it", () => {
    const draft = after(bot, addMessage(bot, { after: { step: "langChoices", port: "answer:go" }, text: "Nice" }));
    expect(Object.keys(draft.flow).indexOf("nice")).toBe(Object.keys(BOT).indexOf("langChoiceOther") + 1);
    expect(links(draft)).toContain("langChoices answer:go nice");
    expect(readSteps(draft).byId.get("nice")?.ports).toMatchObject([{ ends: true }]);
  });

  it("on an edge leads on, from every way out", () => {
    const edge = { step: "greetings", port: "then" };
    const draft = after(bot, insertOnEdge(bot, { edge, kind: "message", at: { x: 3, y: 4 } }));
    expect(links(draft).slice(0, 2)).toEqual(["greetings then message", "message then langChoices"]);
    expect(draft.layout.positions).toEqual({ message: { x: 3, y: 4 } });
    const asked = after(bot, addQuestion(bot, { after: edge, insert: true, text: "Ready?", answers: ["Yes", "No"] }));
    expect(links(asked).slice(0, 3)).toEqual([
      "greetings then ready",
      "ready answer:yes langChoices",
      "ready answer:no langChoices",
    ]);
    expect(check(asked.flow)).toEqual([]);
  });

  it("before the start makes it the start", () => {
    const draft = after(bot, addText(bot, { start: true, insert: true, text: "Your name?" }));
    expect(Object.keys(draft.flow).slice(0, 4)).toEqual(["yourName", "yourNameText", "yourNameEnd", "greetings"]);
    expect(links(draft)[0]).toBe("yourName other-text greetings");
    expect(check(draft.flow)).toEqual([]);
  });

  it("gives names that nothing else has", () => {
    const twice = after(bot, addQuestion(bot, { text: "Lang", answers: ["Yes", "Yes!", ""] }));
    const step = readSteps(twice).steps.at(-1);
    expect(step).toMatchObject({ id: "lang", ref: "lang2" });
    expect(step?.ports.map(({ item }) => item)).toEqual(["yes", "yes2", "answer"]);
    const plain = after(after(EMPTY, addMessage(EMPTY, {})), addMessage(after(EMPTY, addMessage(EMPTY, {})), {}));
    expect(Object.keys(plain.flow)).toEqual(["message", "message2"]);
    const odd = after(EMPTY, addMessage(EMPTY, { text: "constructor" }));
    expect(Object.keys(odd.flow)).toEqual(["messageConstructor"]);
    expect(Object.keys(after(EMPTY, addMessage(EMPTY, { text: "12" })).flow)).toEqual(["message-12"]);
  });
});

describe("a message that is to ask", () => {
  it("is a question with one answer, which leads on as it did", () => {
    const result = askInstead(bot, { step: "greetings", as: "question" });
    const { flow } = after(bot, result);
    expect(Object.keys(flow).slice(0, 3)).toEqual(["greetings", "hiImBotNiceAnswer", "langChoices"]);
    expect(flow.greetings).toEqual({
      sendRequest: {
        kind: "ChoiceRequest",
        groupId: "hiImBotNice",
        question: "Hi, I'm Bot! Nice to meet you.",
        choices: [{ itemId: "answer", content: "" }],
      },
    });
    expect(flow.hiImBotNiceAnswer).toMatchObject({ next: "langChoices" });
    expect(result.focus).toEqual({ step: "greetings", field: "port", port: "answer:answer" });
  });

  it("asks for a text, whose end leads on as it did", () => {
    const { flow } = after(bot, askInstead(bot, { step: "greetings", as: "text" }));
    expect(flow.greetings).toEqual({
      sendRequest: {
        kind: "StartChatSession",
        sessionId: "hiImBotNice",
        chatText: "Hi, I'm Bot! Nice to meet you.",
      },
    });
    const step = readSteps({ ...bot, flow }).byId.get("greetings");
    expect(step).toMatchObject({ kind: "text", folded: true });
    expect(step?.ports.map(({ to }) => to)).toEqual(["langChoices"]);
    expect(check(flow)).toEqual([]);
  });

  it("is a message: of nothing else is a question made", () => {
    expect(askInstead(bot, { step: "langChoices", as: "text" }).refused).toBe("Only a message can be made a question.");
    expect(askInstead(bot, { step: "gone", as: "text" }).refused).toBeDefined();
  });
});

describe("answers", () => {
  const ask = { step: "langChoices" };

  it("are added with their states, in the order of the card", () => {
    const result = addAnswer(bot, { ...ask, contents: ["Zig", "C"], before: "answer:other" });
    const draft = after(bot, result);
    expect(
      readSteps(draft)
        .byId.get("langChoices")
        ?.ports.map(({ label }) => label),
    ).toEqual(["Rust", "Go", "Zig", "C", "Other"]);
    expect(Object.keys(draft.flow).slice(1, 7)).toEqual([
      "langChoices",
      "langChoiceRust",
      "langChoiceGo",
      "langZig",
      "langC",
      "langChoiceOther",
    ]);
    expect(result.focus).toEqual({ step: "langChoices", field: "port", port: "answer:zig" });
  });

  it("are removed with their states; the last one stays", () => {
    let draft = bot;
    for (const item of ["rust", "go"]) draft = after(draft, removeAnswer(draft, { ...ask, port: `answer:${item}` }));
    expect(draft.flow).not.toHaveProperty("langChoiceGo");
    expect(removeAnswer(draft, { ...ask, port: "answer:other" }).refused).toBe("A question needs an answer.");
    expect(check(draft.flow)).toEqual([]);
  });

  it("are moved, in the file as well", () => {
    const draft = after(bot, moveAnswer(bot, { ...ask, port: "answer:other", before: "answer:rust" }));
    expect(Object.keys(draft.flow).slice(1, 5)).toEqual([
      "langChoices",
      "langChoiceOther",
      "langChoiceRust",
      "langChoiceGo",
    ]);
    expect(
      readSteps(draft)
        .byId.get("langChoices")
        ?.ports.map(({ item }) => item),
    ).toEqual(["other", "rust", "go"]);
    const back = after(draft, moveAnswer(draft, { ...ask, port: "answer:other" }));
    expect(JSON.stringify(back.flow)).toBe(JSON.stringify(BOT));
  });

  it("of a text question are expected texts, each with an end of its own", () => {
    const step = "startLangPrefSession";
    let draft = after(bot, addAnswer(bot, { step, contents: ["None", " none "] }));
    expect(Object.keys(draft.flow).slice(5, 10)).toEqual([
      step,
      "langPreferenceNone",
      "langPreferenceNoneEnd",
      "getLangPrefResponse",
      "endLangPrefSession",
    ]);
    draft = after(draft, connect(draft, { from: { step, port: "text:langPreferenceNone" }, to: "done" }));
    expect(links(draft)).toContain(`${step} text:langPreferenceNone done`);
    expect(check(draft.flow)).toEqual([]);
    expect(setExpectedText(draft, { step, port: "text:langPreferenceNone" }).refused).toMatch(/already/);
    draft = after(draft, setExpectedText(draft, { step, port: "text:langPreferenceNone", text: "Nothing" }));
    expect(readSteps(draft).byId.get(step)?.ports[0]?.label).toBe("Nothing");
    draft = after(draft, removeAnswer(draft, { step, port: "other-text" }));
    expect(codes(draft)).toEqual(["no-other-text"]);
    draft = after(draft, connect(draft, { from: { step, port: "other-text" }, to: "anyOtherChoices" }));
    expect(check(draft.flow)).toEqual([]);
  });
});

describe("connecting", () => {
  it("goes through the answer, and adds the state that an answer lacks", () => {
    const { langChoiceGo: _, ...flow } = BOT;
    const draft = after(
      { ...bot, flow },
      connect({ ...bot, flow }, { from: { step: "langChoices", port: "answer:go" }, to: "done" }),
    );
    expect(links(draft)).toContain("langChoices answer:go done");
    expect(check(draft.flow)).toEqual([]);
  });

  it("gives a way out an end of its own when it leads elsewhere than the others", () => {
    const flow: FlowJson = {
      ask: { sendRequest: { kind: "StartChatSession", sessionId: "s", chatText: "Name?" } },
      none: { matchResponse: { kind: "UserText", sessionId: "s", content: "none" }, next: "end" },
      given: { matchResponse: { kind: "UserText", sessionId: "s" }, next: "end" },
      end: { sendRequest: { kind: "EndChatSession", sessionId: "s" }, next: "a" },
      a: { sendRequest: { kind: "BotText", content: "A" } },
      b: { sendRequest: { kind: "BotText", content: "B" } },
    };
    const draft = { ...EMPTY, flow };
    const now = after(draft, connect(draft, { from: { step: "ask", port: "text:none" }, to: "b" }));
    expect(links(now)).toEqual(["ask text:none b", "ask other-text a"]);
    expect(check(now.flow)).toEqual([]);
  });

  it("refuses an answer as target, and what is gone", () => {
    const from = { step: "greetings", port: "then" };
    expect(connect(bot, { from, to: "langChoiceGo" }).refused).toMatch(/answer/);
    expect(connect(bot, { from, to: "gone" }).refused).toBeDefined();
    expect(connect(bot, { from: { step: "greetings", port: "x" }, to: "done" }).refused).toBeDefined();
    expect(connect(bot, { from, to: "langChoices" })).toEqual({ changes: [] });
  });

  it("in the States view an answer and an end lead on by themselves", () => {
    const draft = after(bot, connect(bot, { from: { step: "endLangPrefSession", port: "then" }, to: "done" }));
    expect(links(draft)).toContain("startLangPrefSession other-text done");
    const cut = after(bot, disconnect(bot, { from: { step: "langChoiceGo", port: "then" } }));
    expect(codes(cut)).toEqual(["dead-end"]);
  });

  it("splices a step in, and leaves its own ways where they lead", () => {
    const alone = after(bot, addMessage(bot, { text: "Well" }));
    const edge = { step: "langChoices", port: "answer:go" };
    const draft = after(alone, splice(alone, { step: "well", edge }));
    expect(links(draft)).toEqual(expect.arrayContaining(["langChoices answer:go well", "well then anyOtherChoices"]));
    const elsewhere = splice(draft, { step: "greetings", edge: { step: "well", port: "then" } });
    expect(elsewhere.says).toMatch(/leads where it led/);
    expect(splice(draft, { step: "well", edge }).changes).toEqual([]);
  });

  it("moves the start", () => {
    const draft = after(bot, setStart(bot, { step: "anyOtherChoices" }));
    expect(Object.keys(draft.flow).slice(0, 4)).toEqual(["anyOtherChoices", "anyOtherYes", "anyOtherNo", "greetings"]);
    const alone = after(bot, addMessage(bot, { text: "First" }));
    const spliced = after(alone, spliceStart(alone, { step: "first" }));
    expect(Object.keys(spliced.flow)[0]).toBe("first");
    expect(links(spliced)[0]).toBe("first then greetings");
  });

  it("moves a step in the file before another, or a state by itself", () => {
    const draft = after(bot, moveInOrder(bot, { step: "done", before: "langChoices" }));
    expect(Object.keys(draft.flow).slice(0, 3)).toEqual(["greetings", "done", "langChoices"]);
    const last = after(bot, moveInOrder(bot, { step: "langChoices" }));
    expect(Object.keys(last.flow).slice(-4)).toEqual([
      "langChoices",
      "langChoiceRust",
      "langChoiceGo",
      "langChoiceOther",
    ]);
    const single = after(bot, moveInOrder(bot, { step: "langChoices", view: "states" }));
    expect(Object.keys(single.flow).slice(-1)).toEqual(["langChoices"]);
  });
});

describe("removing", () => {
  it("takes a question with its answers, and cuts what led to it", () => {
    const draft = after(bot, remove(bot, { items: ["anyOtherChoices"] }));
    expect(Object.keys(draft.flow)).not.toContain("anyOtherYes");
    expect(links(draft)).toEqual(["greetings then langChoices", "langChoices answer:other startLangPrefSession"]);
    expect(codes(draft)).not.toContain("next-missing");
  });

  it("reconnects the neighbours where one way led on", () => {
    expect(canReconnect(bot, ["startLangPrefSession"])).toBe(true);
    const draft = after(bot, remove(bot, { items: ["startLangPrefSession"], reconnect: true }));
    expect(links(draft)).toContain("langChoices answer:other anyOtherChoices");
    expect(check(draft.flow)).toEqual([]);
    expect(canReconnect(bot, ["anyOtherChoices"])).toBe(false);
    expect(canReconnect(bot, ["greetings"])).toBe(false);
  });

  it("says with which step the conversation begins now", () => {
    const result = remove(bot, { items: ["greetings"] });
    expect(result.says).toBe(
      "The conversation now begins with ‘What programming language do you use in your hobby projects?’.",
    );
    const draft = after(bot, setStart(bot, { step: "done" }));
    const odd = after(draft, moveInOrder(draft, { step: "langChoiceGo", before: "greetings", view: "states" }));
    expect(Object.keys(after(odd, remove(odd, { items: ["done"] })).flow)[0]).toBe("greetings");
  });

  it("takes the drawing along: places, groups, notes", () => {
    const draft: Draft = {
      ...bot,
      layout: {
        positions: { greetings: { x: 1, y: 1 }, done: { x: 2, y: 2 } },
        groups: [
          { id: "g", title: "G", states: ["done"] },
          { id: "h", title: "H", states: ["done", "greetings"] },
        ],
        notes: [{ id: "n", text: "N", x: 0, y: 0 }],
      },
    };
    expect(after(draft, remove(draft, { items: ["done", "note:n"] })).layout).toEqual({
      positions: { greetings: { x: 1, y: 1 } },
      groups: [{ id: "h", title: "H", states: ["greetings"] }],
      notes: [],
    });
  });

  it("of a question that is shown as its states takes the answers only it had, and says so", () => {
    const flow: FlowJson = { ...BOT, extra: { ...(BOT.langChoiceGo as object), next: "done" } };
    const draft = { ...bot, flow };
    expect(readSteps(draft).byId.get("langChoices")?.folded).toBe(false);
    const result = remove(draft, { items: ["langChoices"] });
    expect(result.says).toBe("Also deleted 4 answers of it.");
    expect(Object.keys(after(draft, result).flow)).not.toContain("extra");
  });
});

describe("texts and names", () => {
  const typed = (draft: Draft, step: string, text: string, published: string[] = []) => {
    const now = after(draft, setText(draft, { step, field: "text", text }));
    const renames = followNames(now, { before: draft, steps: [step], published: new Set(published) });
    return applyAll(now, renames).draft;
  };

  it("are read and set where they stand", () => {
    expect(readText(bot, { step: "startLangPrefSession", field: "prompt" })).toBe(
      "Type your preferred language here...",
    );
    expect(readText(bot, { step: "langChoices", field: "port", port: "answer:go" })).toBe("Go");
    expect(readText(bot, { step: "langChoiceGo", field: "text" })).toBe("Go");
    const none = after(bot, setText(bot, { step: "startLangPrefSession", field: "prompt", text: "" }));
    expect(JSON.stringify(none.flow)).not.toContain("chatPrompt");
    const back = after(
      none,
      setText(none, { step: "startLangPrefSession", field: "prompt", text: "Type your preferred language here..." }),
    );
    expect(JSON.stringify(back.flow)).toBe(JSON.stringify(BOT));
    const answer = after(bot, setText(bot, { step: "langChoiceGo", field: "text", text: "Golang" }));
    expect(readText(answer, { step: "langChoices", field: "port", port: "answer:go" })).toBe("Golang");
    expect(setText(bot, { step: "done", field: "prompt", text: "x" }).refused).toBeDefined();
  });

  it("names follow their content until they are set by hand", () => {
    let draft = after(EMPTY, addQuestion(EMPTY, {}));
    draft = typed(draft, "question", "What language?");
    expect(Object.keys(draft.flow)).toEqual(["whatLanguage", "whatLanguageAnswer"]);
    draft = typed(draft, "whatLanguage", "どの言語ですか");
    expect(Object.keys(draft.flow)).toEqual(["どの言語ですか", "どの言語ですかAnswer"]);
    expect(readSteps(draft).steps[0]?.ref).toBe("どの言語ですか");
    draft = typed(draft, "どの言語ですか", "!!!");
    expect(Object.keys(draft.flow)).toEqual(["question", "questionAnswer"]);
    draft = after(draft, renameState(draft, { state: "question", to: "mine" }));
    draft = typed(draft, "mine", "Which?");
    expect(Object.keys(draft.flow)).toEqual(["mine", "whichAnswer"]);
  });

  it("an answer's name and ID follow its words; the texts that use the ID follow too", () => {
    let draft = after(EMPTY, addQuestion(EMPTY, { text: "Which?", answers: ["Go", "Rust"] }));
    draft = after(draft, addMessage(draft, { text: "{{which}} it is" }));
    const now = after(draft, setText(draft, { step: "which", field: "port", port: "answer:go", text: "Zig" }));
    const both = after(now, setText(now, { step: "which", field: "text", text: "What?" }));
    const renames = followNames(both, { before: draft, steps: ["which"], published: new Set() });
    const named = applyAll(both, renames).draft;
    expect(Object.keys(named.flow)).toEqual(["what", "whatZig", "whatRust", "itIs"]);
    expect(readText(named, { step: "itIs", field: "text" })).toBe("{{what}} it is");
    expect(
      readSteps(named)
        .byId.get("what")
        ?.ports.map(({ item }) => item),
    ).toEqual(["zig", "rust"]);
  });

  it("what is published keeps its name and its ID; a new answer of it follows", () => {
    let draft = after(EMPTY, addQuestion(EMPTY, { text: "Which?", answers: ["Go", ""] }));
    draft = typed(draft, "which", "What?", ["which", "whichGo"]);
    expect(Object.keys(draft.flow)).toEqual(["which", "whichGo", "whichAnswer"]);
    const now = after(draft, setText(draft, { step: "which", field: "port", port: "answer:answer", text: "Zig" }));
    const renames = followNames(now, { before: draft, steps: ["which"], published: new Set(["which", "whichGo"]) });
    expect(Object.keys(applyAll(now, renames).draft.flow)).toEqual(["which", "whichGo", "whichZig"]);
  });

  it("refuses names that are taken or that the format does not take, with the reason", () => {
    expect(renameState(bot, { state: "done", to: "greetings" }).refused).toBe("Another step has this name.");
    expect(renameState(bot, { state: "done", to: "12" }).refused).toMatch(/number/);
    expect(renameState(bot, { state: "done", to: "__proto__" }).refused).toBeDefined();
    expect(renameState(bot, { state: "done", to: "é".repeat(101) }).refused).toMatch(/long/);
    expect(renameGroup(bot, { step: "langChoices", to: "others" }).refused).toBe("Another step has this ID.");
    expect(renameGroup(bot, { step: "langChoices", to: "a|b" }).refused).toBeDefined();
    expect(renameItem(bot, { step: "langChoices", port: "answer:go", to: "rust" }).refused).toBe(
      "Another answer has this ID.",
    );
    expect(renameState(bot, { state: "langChoiceGo", to: "go" })).toMatchObject({ select: ["langChoices"] });
  });
});
