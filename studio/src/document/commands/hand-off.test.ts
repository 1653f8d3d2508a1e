import { check } from "@parley/shared/flow/check";
import { describe, expect, it } from "vitest";
import { applyAll } from "../apply.js";
import { duplicate } from "../clipboard.js";
import type { Draft, FlowJson } from "../draft.js";
import { followNames } from "../follow-names.js";
import { readStates, readSteps } from "../steps.js";
import { addHandOff, insertOnEdge } from "./add.js";
import { moveAnswer, removeAnswer } from "./answers.js";
import type { CommandResult } from "./command.js";
import { connect } from "./connect.js";
import { setQueue, setWait } from "./hand-off.js";
import { remove } from "./remove.js";
import { renameChat } from "./rename.js";
import { readText, setText } from "./text.js";

const draftOf = (flow: unknown): Draft => ({ flow: flow as FlowJson, layout: {}, settings: {} });
/** Carries a command out; what undoes it has to leave the draft as it was. */
function done(draft: Draft, { changes, refused }: CommandResult): Draft {
  expect(refused).toBeUndefined();
  const { draft: after, inverse } = applyAll(draft, changes);
  expect(JSON.stringify(applyAll(after, inverse).draft)).toBe(JSON.stringify(draft));
  return after;
}

const HI = draftOf({
  hi: { sendRequest: { kind: "BotText", content: "Hi" }, next: "bye" },
  bye: { sendRequest: { kind: "BotText", content: "Bye" } },
});
const port = (step: string, id: string) => ({ step, port: `outcome:${id}` });
const inserted = () => done(HI, insertOnEdge(HI, { edge: { step: "hi", port: "then" }, kind: "hand-off" }));
const stepOf = (draft: Draft) => readSteps(draft).byId.get("person")!;

describe("a hand-over to a person", () => {
  it("is one step with a way out for each of its ends, which all go on where it was put in; the flow checks clean", () => {
    const draft = inserted();
    const step = stepOf(draft);
    expect(step).toMatchObject({ kind: "hand-off", folded: true, ref: "person", timeout: 300 });
    expect(step.ports.map(({ id, label, to }) => [id, label, to])).toEqual([
      ["outcome:closed", "When the person is done", "bye"],
      ["outcome:unavailable", "When nobody is there", "bye"],
      ["outcome:timeout", "When nobody has come in time", "bye"],
    ]);
    expect(step.states).toEqual(["person", "personClosed", "personUnavailable", "personTimeout"]);
    expect(Object.keys(draft.flow)).toEqual(["hi", ...step.states, "bye"]);
    expect(check(draft.flow)).toEqual([]);
  });

  it("has words, a queue and a time to wait; without that time it does not end so, and with it that is a way again", () => {
    let draft = inserted();
    draft = done(draft, setText(draft, { step: "person", field: "text", text: "One moment" }));
    expect(readText(draft, { step: "person", field: "text" })).toBe("One moment");
    draft = done(draft, setQueue(draft, { step: "person", queue: " Sales " }));
    expect(stepOf(draft)).toMatchObject({ title: "One moment", queue: "Sales" });
    draft = done(draft, setWait(draft, { step: "person", seconds: undefined }));
    expect(draft.flow.person).toEqual({
      sendRequest: { kind: "HandOff", handOffId: "person", queue: "Sales", content: "One moment" },
    });
    expect(Object.keys((draft.flow.person as { sendRequest: object }).sendRequest)).toEqual([
      ...["kind", "handOffId", "queue", "content"],
    ]);
    expect(stepOf(draft).ports).toHaveLength(2);
    expect(check(draft.flow)).toEqual([]);
    draft = done(draft, setWait(draft, { step: "person", seconds: 60 }));
    expect(stepOf(draft)).toMatchObject({ timeout: 60, ports: [{}, {}, { id: "outcome:timeout", ends: true }] });
    draft = done(draft, setQueue(draft, { step: "person", queue: "" }));
    expect(stepOf(draft).queue).toBeUndefined();
    for (const seconds of [0, 1.5, 86_401, Number.NaN]) {
      expect(setWait(draft, { step: "person", seconds }).refused).toBe("A visitor waits from one second to 24 hours.");
    }
    expect(setWait(draft, { step: "hi", seconds: 1 }).refused).toBeDefined();
  });

  it("is connected by its ends; an end that no state takes gets one, and none is taken away or moved", () => {
    const { personUnavailable: _, ...left } = inserted().flow;
    let draft = draftOf(left);
    expect(stepOf(draft).ports[1]).toEqual({
      ...{ id: "outcome:unavailable", kind: "outcome", label: "When nobody is there", ends: false },
    });
    draft = done(draft, connect(draft, { from: port("person", "unavailable"), to: "hi" }));
    expect(stepOf(draft).ports.map(({ to }) => to)).toEqual(["bye", "hi", "bye"]);
    expect(removeAnswer(draft, port("person", "timeout")).refused).toBeDefined();
    expect(moveAnswer(draft, port("person", "timeout")).refused).toBeDefined();
    draft = done(draft, renameChat(draft, { step: "person", to: "help" }));
    expect(stepOf(draft)).toMatchObject({ ref: "help", ports: [{}, {}, {}] });
    draft = done(draft, remove(draft, { items: ["person"], reconnect: true }));
    expect(Object.keys(draft.flow)).toEqual(["hi", "bye"]);
  });

  it("is called by its words once it is left, with its ends", () => {
    const before = inserted();
    const draft = done(before, setText(before, { step: "person", field: "text", text: "One moment" }));
    const changes = followNames(draft, { before, steps: ["person"], published: new Set() });
    const { flow } = applyAll(draft, changes).draft;
    expect(Object.keys(flow).slice(1, -1)).toEqual([
      ...["oneMoment", "oneMomentClosed", "oneMomentUnavailable", "oneMomentTimeout"],
    ]);
    expect(readSteps(applyAll(draft, changes).draft).byId.get("oneMoment")).toMatchObject({
      ref: "oneMoment",
      folded: true,
    });
  });

  it("is copied with its ends, under an id of its own", () => {
    const draft = inserted();
    const twice = done(draft, duplicate(draft, { items: ["person"], ids: () => "n" }));
    const copies = readSteps(twice).steps.filter(({ kind }) => kind === "hand-off");
    expect(copies.map(({ ref, folded, ports }) => [ref, folded, ports.length])).toEqual([
      ["person", true, 3],
      ["person2", true, 3],
    ]);
  });

  it("has an id of its own, and its states are steps where something else leads to one of them", () => {
    let draft = inserted();
    draft = done(draft, addHandOff(draft, { after: { step: "bye", port: "then" } }));
    expect(readSteps(draft).byId.get("person2")).toMatchObject({ ref: "person2", folded: true });
    const apart = draftOf({
      ...draft.flow,
      hi: { sendRequest: { kind: "BotText", content: "" }, next: "personTimeout" },
    });
    expect(stepOf(apart)).toMatchObject({
      folded: false,
      ports: [{ to: "personClosed" }, {}, { to: "personTimeout" }],
    });
    const states = readStates(draft);
    expect(states.byId.get("personTimeout")).toMatchObject({ kind: "answer", title: "When nobody has come in time" });
    expect(states.edges.filter(({ from, kind }) => from === "person" && kind === "open")).toHaveLength(3);
  });
});
