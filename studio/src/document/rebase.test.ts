import { readFileSync } from "node:fs";
import { check } from "@parley/shared/flow/check";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { applyAll } from "./apply.js";
import type { Change } from "./change.js";
import { addMessage, addQuestion, addText } from "./commands/add.js";
import { addAnswer } from "./commands/answers.js";
import type { CommandResult } from "./commands/command.js";
import { connect } from "./commands/connect.js";
import { addNote, move } from "./commands/drawing.js";
import { remove } from "./commands/remove.js";
import { renameState } from "./commands/rename.js";
import { setText } from "./commands/text.js";
import { anyChange, anyDraft } from "./draft.arbitrary.js";
import type { Draft, FlowJson } from "./draft.js";
import { followNames } from "./follow-names.js";
import { commit, type History, NO_HISTORY, undo } from "./history.js";
import { rebase } from "./rebase.js";
import { rebaseHistory } from "./rebase-history.js";
import { renamedItem } from "./selection.js";
import { readSteps } from "./steps.js";

const BOT: FlowJson = JSON.parse(readFileSync(new URL("../../../flows/bot-assistant.json", import.meta.url), "utf8"));
const bot: Draft = { flow: BOT, layout: {}, settings: {} };
const IDS = readSteps(bot).steps.map(({ id }) => id);

/** What one of two editors does, on steps of his own. */
type Edit = { readonly kind: keyof typeof EDITS; readonly step: number; readonly port: number; readonly to: number };
type Doing = { draft: Draft; step: string; port: string; to: string; word: string };
const EDITS = {
  type: ({ draft, step, word }) => setText(draft, { step, field: "text", text: word }),
  add: ({ draft, step, port, word }) => addMessage(draft, { after: { step, port }, insert: true, text: word }),
  // What both may do with the same words, so that names and ids meet.
  plain: ({ draft, step, port }) => addMessage(draft, { after: { step, port }, insert: true }),
  ask: ({ draft, step, port }) => addQuestion(draft, { after: { step, port }, text: "Same?", answers: ["Yes", "No"] }),
  askText: ({ draft, step, port }) => addText(draft, { after: { step, port }, text: "Same?", expected: ["Yes"] }),
  answer: ({ draft, step, word }) => addAnswer(draft, { step, contents: [word] }),
  connect: ({ draft, step, port, to }) => connect(draft, { from: { step, port }, to }),
  rename: ({ draft, step, word }) => renameState(draft, { state: step, to: word }),
  move: ({ draft, step }) => move(draft, { positions: [{ item: step, to: { x: 7, y: 7 } }] }),
  note: ({ draft, word }) => addNote(draft, { id: word, text: word, at: { x: 0, y: 0 }, now: 0 }),
} satisfies { readonly [kind: string]: (doing: Doing) => CommandResult };
const ADDING: ReadonlySet<Edit["kind"]> = new Set(["add", "plain", "ask", "askText"]);
const edits = fc.array(
  fc.record({
    kind: fc.constantFrom(...(Object.keys(EDITS) as Edit["kind"][])),
    step: fc.nat(9),
    port: fc.nat(3),
    to: fc.nat(4),
  }),
  { maxLength: 8 },
);

/** An editor at work: what it sees, did, added, and can undo. */
class Worker {
  draft = bot;
  history: History = NO_HISTORY;
  readonly changes: Change[] = [];
  readonly added: string[] = [];

  constructor(
    readonly tag: string,
    /** Which of the first steps are this editor's. */
    readonly own: readonly string[],
  ) {}

  /** What a step that was added is called in comparisons: both editors may have given one name. */
  meant(id: string): string {
    return `${this.tag}+${id}`;
  }

  name(id: string): string {
    return renamedItem(id, this.changes);
  }

  run(edits: readonly Edit[]): this {
    edits.forEach(({ kind, step: s, port: p, to }, i) => {
      const step = this.name(this.own[s % this.own.length]!);
      const ports = readSteps(this.draft).byId.get(step)!.ports;
      const doing = { draft: this.draft, step, port: ports[p % ports.length]!.id, to: this.name(IDS[to]!) };
      const before = this.draft;
      const result = EDITS[kind]({ ...doing, word: `${this.tag}word${i}` });
      this.#do(result.changes);
      if (ADDING.has(kind)) this.added.push(...(result.select ?? []));
      this.#do(followNames(this.draft, { before, steps: result.follow ?? [], published: new Set() }));
    });
    return this;
  }

  #do(changes: readonly Change[]): void {
    const moved = commit(this.history, this.draft, changes, { label: "Edit", at: 0 });
    this.history = moved.history;
    this.draft = moved.draft;
    this.changes.push(...moved.changes);
  }
}

/** What steps say and where they lead, with each step under the name that `called` gives it. */
function meaning(draft: Draft, names: ReadonlyMap<string, string>) {
  const { byId } = readSteps(draft);
  const called = new Map([...names].map(([meant, name]) => [name, meant]));
  const one = (name: string) => {
    const { text, ports, kind } = byId.get(name)!;
    return { kind, text, ports: ports.map(({ label, to }) => [label, to && (called.get(to) ?? to)]) };
  };
  return (meant: string) => one(names.get(meant)!);
}

describe("rebase", () => {
  it("two editors' changes of different steps, in either order, lose nothing and ask nothing", () => {
    const own = (parity: number) => IDS.filter((_, i) => i % 2 === parity);
    fc.assert(
      fc.property(edits, edits, (forA, forB) => {
        const a = new Worker("a", own(0)).run(forA);
        const b = new Worker("b", own(1)).run(forB);
        for (const [mine, theirs] of [
          [a, b],
          [b, a],
        ] as const) {
          const { draft, applied, conflicts, names } = rebase(theirs.draft, mine.changes, bot);
          expect(conflicts).toEqual([]);
          expect(JSON.stringify(applyAll(theirs.draft, applied).draft)).toBe(JSON.stringify(draft));
          const namesIn = (worker: Worker) =>
            new Map([
              ...IDS.map((id) => [id, worker.name(id)] as const),
              ...worker.added.map((id) => [worker.meant(id), id] as const),
            ]);
          const merged = new Map([
            ...theirs.own.map((id) => [id, theirs.name(id)] as const),
            ...mine.own.map((id) => [id, names.state(mine.name(id))] as const),
            ...theirs.added.map((id) => [theirs.meant(id), id] as const),
            ...mine.added.map((id) => [mine.meant(id), names.state(id)] as const),
          ]);
          const now = meaning(draft, merged);
          for (const worker of [mine, theirs]) {
            const was = meaning(worker.draft, namesIn(worker));
            for (const id of [...worker.own, ...worker.added.map((id) => worker.meant(id))])
              expect(now(id)).toEqual(was(id));
          }
          expect(Object.keys(draft.flow)).toHaveLength(
            Object.keys(mine.draft.flow).length + Object.keys(theirs.draft.flow).length - Object.keys(BOT).length,
          );
          expect(
            check(draft.flow).filter(({ severity, code }) => severity === "error" && code !== "endless-run"),
          ).toEqual([]);
          expect(draft.layout.notes?.length ?? 0).toBe(
            (mine.draft.layout.notes?.length ?? 0) + (theirs.draft.layout.notes?.length ?? 0),
          );
          // One's own changes can still be undone, and theirs stay.
          let history = rebaseHistory(mine.history, theirs.draft, bot, names);
          let undone = draft;
          expect(history.past).toHaveLength(mine.history.past.length);
          while (history.past.length > 0) ({ history, draft: undone } = undo(history, undone));
          expect(undone.flow).toEqual(theirs.draft.flow);
          expect(undone.layout.positions ?? {}).toEqual(theirs.draft.layout.positions ?? {});
        }
      }),
      { numRuns: 300 },
    );
  });

  it("onto the draft that both began with gives what I see; twice changes nothing", () => {
    fc.assert(
      fc.property(anyDraft, fc.array(anyChange, { maxLength: 6 }), (base, mine) => {
        const seen = applyAll(base, mine).draft;
        const { draft, conflicts } = rebase(base, mine, base);
        expect(JSON.stringify(draft)).toBe(JSON.stringify(seen));
        expect(conflicts).toEqual([]);
      }),
      { numRuns: 300 },
    );
    fc.assert(
      fc.property(edits, (edits) => {
        const me = new Worker("a", IDS).run(edits);
        const { draft, conflicts } = rebase(me.draft, me.changes, bot);
        expect(draft).toEqual(me.draft);
        expect(conflicts).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });

  it("never throws, and what it applied leads to what it gives, whatever both did", () => {
    const changes = fc.array(anyChange, { maxLength: 6 });
    fc.assert(
      fc.property(anyDraft, changes, changes, (base, mine, theirs) => {
        const newer = applyAll(base, theirs).draft;
        const { draft, applied, names, conflicts } = rebase(newer, mine, base);
        expect(JSON.stringify(applyAll(newer, applied).draft)).toBe(JSON.stringify(draft));
        for (const conflict of conflicts) applyAll(draft, conflict.changes);
        const { history, draft: seen } = commit(NO_HISTORY, base, mine, { label: "", at: 0 });
        expect(JSON.stringify(seen)).toBe(JSON.stringify(applyAll(base, mine).draft));
        undo(rebaseHistory(history, newer, base, names), draft);
      }),
      { numRuns: 300 },
    );
  });
});

const did = (draft: Draft, ...commands: ((draft: Draft) => CommandResult)[]): Draft =>
  commands.reduce((now, command) => applyAll(now, command(now).changes).draft, draft);
const typing = (step: string, text: string) => (draft: Draft) => setText(draft, { step, field: "text", text });

describe("conflicts", () => {
  const mineOf = (command: (draft: Draft) => CommandResult) => command(bot).changes;

  it("are one for a field that both changed, with both values; mine can be taken", () => {
    const newer = did(bot, typing("done", "Theirs"));
    const mine = [...mineOf(typing("done", "M")), ...mineOf(typing("done", "Mine"))];
    const { draft, applied, conflicts } = rebase(newer, mine, bot);
    expect(draft).toBe(newer);
    expect(applied).toEqual([]);
    expect(conflicts).toMatchObject([
      { kind: "field", place: ["done", "sendRequest", "content"], theirs: "Theirs", mine: "Mine" },
    ]);
    expect(applyAll(draft, conflicts[0]!.changes).draft).toEqual(did(bot, typing("done", "Mine")));
  });

  it("are none when both wrote the same, or I took mine back", () => {
    const newer = did(bot, typing("done", "Same"));
    expect(rebase(newer, mineOf(typing("done", "Same")), bot).conflicts).toEqual([]);
    const back = [
      ...mineOf(typing("done", "Mine")),
      ...mineOf(() =>
        setText(did(bot, typing("done", "Mine")), { step: "done", field: "text", text: "Great, thanks!" }),
      ),
    ];
    const { draft, conflicts } = rebase(newer, back, bot);
    expect(conflicts).toEqual([]);
    expect(draft).toBe(newer);
  });

  it("of the same message typed by both is one choice, though its name follows", () => {
    const follow = (draft: Draft, text: string) => {
      const changes = setText(draft, { step: "greatThanks", field: "text", text }).changes;
      const now = applyAll(draft, changes).draft;
      return [...changes, ...followNames(now, { before: draft, steps: ["greatThanks"], published: new Set() })];
    };
    const base = applyAll(bot, [{ kind: "renameState", from: "done", to: "greatThanks" }]).draft;
    const newer = applyAll(base, follow(base, "Theirs")).draft;
    const { conflicts, draft } = rebase(newer, follow(base, "Mine"), base);
    expect(conflicts).toMatchObject([{ place: ["theirs", "sendRequest", "content"], theirs: "Theirs", mine: "Mine" }]);
    expect(draft).toBe(newer);
  });

  it("are none between a step that moved, was renamed or led elsewhere, and one that was typed into", () => {
    const newer = did(
      bot,
      (draft) => renameState(draft, { state: "done", to: "bye" }),
      (draft) => connect(draft, { from: { step: "bye", port: "then" }, to: "anyOtherChoices" }),
      (draft) => move(draft, { positions: [{ item: "bye", to: { x: 1, y: 1 } }] }),
    );
    const { draft, conflicts } = rebase(newer, mineOf(typing("done", "Mine")), bot);
    expect(conflicts).toEqual([]);
    expect(draft.flow.bye).toEqual({ sendRequest: { kind: "BotText", content: "Mine" }, next: "anyOtherChoices" });
  });

  it("a step they deleted and I changed comes back when mine is taken, with all its answers", () => {
    const newer = did(bot, (draft) => remove(draft, { items: ["anyOtherChoices"] }));
    const { draft, conflicts } = rebase(newer, mineOf(typing("anyOtherChoices", "More?")), bot);
    expect(draft).toBe(newer);
    expect(conflicts).toMatchObject([
      { kind: "deleted", place: ["anyOtherChoices"], mine: { sendRequest: { question: "More?" } } },
    ]);
    const back = applyAll(draft, conflicts[0]!.changes).draft;
    expect(
      readSteps(back)
        .byId.get("anyOtherChoices")
        ?.ports.map(({ state }) => state),
    ).toEqual(["anyOtherYes", "anyOtherNo"]);
  });

  it("an answer they deleted and I reworded comes back when mine is taken, with its state", () => {
    const newer = did(
      bot,
      (draft) => remove(draft, { items: [] }),
      () => ({
        changes: [
          { kind: "removeState", name: "langChoiceGo" },
          { kind: "removeItem", at: ["langChoices", "sendRequest", "choices"], item: "go" },
        ],
      }),
    );
    const mine = mineOf((draft) =>
      setText(draft, { step: "langChoices", field: "port", port: "answer:go", text: "Golang" }),
    );
    const { draft, conflicts } = rebase(newer, mine, bot);
    expect(draft).toBe(newer);
    expect(conflicts).toMatchObject([{ kind: "deleted" }]);
    const back = applyAll(draft, conflicts[0]!.changes).draft;
    expect(check(back.flow)).toEqual([]);
    expect(JSON.stringify(back.flow)).toContain("Golang");
  });

  it("a step I deleted and they changed stays whole, with what led to it, until mine is taken", () => {
    const newer = did(bot, typing("anyOtherChoices", "More?"));
    const { draft, conflicts } = rebase(
      newer,
      mineOf((draft) => remove(draft, { items: ["anyOtherChoices"] })),
      bot,
    );
    expect(draft.flow).toEqual(newer.flow);
    expect(conflicts).toMatchObject([{ kind: "kept", place: ["anyOtherChoices"] }]);
    const gone = applyAll(draft, conflicts[0]!.changes).draft;
    expect(Object.keys(gone.flow)).not.toContain("anyOtherYes");
  });

  it("an answer I deleted and they reworded stays with its state", () => {
    const newer = did(bot, (draft) =>
      setText(draft, { step: "langChoices", field: "port", port: "answer:go", text: "Golang" }),
    );
    const mine: Change[] = [
      { kind: "removeState", name: "langChoiceGo" },
      { kind: "removeItem", at: ["langChoices", "sendRequest", "choices"], item: "go" },
    ];
    const { draft, conflicts } = rebase(newer, mine, bot);
    expect(draft.flow).toEqual(newer.flow);
    expect(conflicts).toHaveLength(1);
    expect(check(applyAll(draft, conflicts[0]!.changes).draft.flow)).toEqual([]);
  });
});

describe("merging", () => {
  it("two new steps with one name are two steps", () => {
    const add = (text: string) => (draft: Draft) => addMessage(draft, { text, after: { step: "done", port: "then" } });
    const theirs = did(bot, (draft) => addMessage(draft, {}), typing("message", "Theirs"));
    const mine = [
      ...addMessage(bot, {}).changes,
      ...setText(
        did(bot, (draft) => addMessage(draft, {})),
        { step: "message", field: "text", text: "Mine" },
      ).changes,
    ];
    const { draft, conflicts, names } = rebase(theirs, mine, bot);
    expect(conflicts).toEqual([]);
    expect(names.state("message")).toBe("message2");
    expect(draft.flow).toMatchObject({
      message: { sendRequest: { content: "Theirs" } },
      message2: { sendRequest: { content: "Mine" } },
    });
    // Both went on from the same way out: one choice.
    expect(rebase(did(bot, add("A")), add("B")(bot).changes, bot).conflicts).toMatchObject([
      { place: ["done", "next"] },
    ]);
  });

  it("an answer added to a question that they gave another ID belongs to it", () => {
    const newer = applyAll(bot, [{ kind: "renameGroup", from: "lang", to: "language" }]).draft;
    const { draft } = rebase(newer, addAnswer(bot, { step: "langChoices", contents: ["Zig"] }).changes, bot);
    expect(check(draft.flow).map(({ code }) => code)).toEqual(["dead-end"]);
  });

  it("two notes, groups and settings are merged by field", () => {
    const note = { id: "n", text: "N", x: 0, y: 0 };
    const base: Draft = {
      ...bot,
      layout: { notes: [note], groups: [{ id: "g", title: "G", states: ["done"] }] },
      settings: { appearance: { color: "#000000", greeting: "Hi" } },
    };
    const newer = applyAll(base, [
      { kind: "note", id: "n", note: { ...note, x: 5 } },
      { kind: "group", id: "g", group: { id: "g", title: "G", states: ["done", "greetings"] } },
      { kind: "setting", key: "appearance", value: { color: "#ffffff", greeting: "Hi" } },
    ]).draft;
    const mine: Change[] = [
      { kind: "note", id: "n", note: { ...note, text: "Mine" } },
      { kind: "group", id: "g", group: { id: "g", title: "Mine", states: [] } },
      { kind: "setting", key: "appearance", value: { color: "#000000", greeting: "Hello" } },
    ];
    const { draft, conflicts } = rebase(newer, mine, base);
    expect(conflicts).toEqual([]);
    expect(draft.layout).toEqual({
      notes: [{ ...note, x: 5, text: "Mine" }],
      groups: [{ id: "g", title: "Mine", states: ["greetings"] }],
    });
    expect(draft.settings).toEqual({ appearance: { color: "#ffffff", greeting: "Hello" } });
    const both = rebase(newer, [{ kind: "setting", key: "appearance", value: { color: "#111111" } }], base);
    expect(both.conflicts).toMatchObject([{ kind: "field", place: [], changes: [{ key: "appearance" }] }]);
  });

  it("a comment that came while its step was renamed is about the step, and what was resolved meanwhile stays so", () => {
    const note = { id: "n", text: "Why?", author: "Ann (guest)", state: "greetings" };
    const commented: Draft = { ...bot, layout: { notes: [note] } };
    const rename: Change = { kind: "renameState", from: "greetings", to: "hello" };
    const came = rebase(commented, [rename], bot);
    expect(came.conflicts).toEqual([]);
    expect(came.draft.layout.notes).toEqual([{ ...note, state: "hello" }]);
    const theirs = applyAll(commented, [rename]).draft;
    const resolved = rebase(theirs, [{ kind: "note", id: "n", note: { ...note, resolved: true } }], commented);
    expect(resolved.conflicts).toEqual([]);
    expect(resolved.draft.layout.notes).toEqual([{ ...note, state: "hello", resolved: true }]);
  });

  it("undo takes back one's own and leaves what they wrote since", () => {
    const first = commit(NO_HISTORY, bot, mineTyping("greetings", "Mine"), { label: "a", at: 0 });
    const second = commit(first.history, first.draft, mineTyping("done", "Mine"), { label: "b", at: 1 });
    const newer = did(second.draft, typing("done", "Theirs"));
    const { names, draft } = rebase(newer, [], second.draft);
    const history = rebaseHistory(second.history, newer, second.draft, names);
    expect(history.past.map(({ label }) => label)).toEqual(["a"]);
    expect(undo(history, draft).draft.flow).toEqual(did(bot, typing("done", "Theirs")).flow);
  });
});

const mineTyping = (step: string, text: string) => typing(step, text)(bot).changes;
