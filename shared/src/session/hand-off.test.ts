import { describe, expect, it } from "vitest";
import { compile } from "../flow/compile.js";
import type { ActMessage } from "../record.js";
import { answer, choice, flowFile, messages, play, said, text } from "../testing/play.js";
import type { HandOffOver, SessionEvent } from "./state.js";

const FLOW = flowFile("talk-to-a-person") as Record<string, { sendRequest?: object; matchResponse?: object }>;
const ASKED = answer(choice("topic", "person"));
let acts = 0;
const act = (message: ActMessage): SessionEvent => ({ kind: "act", id: `o.${++acts}`, by: "person:ada", message });
const over = (outcome: HandOffOver["outcome"], more: Partial<HandOffOver> = {}): SessionEvent => ({
  ...{ kind: "hand-off over", handOffId: "workshop", outcome, re: 4 },
  ...more,
});
/** What the last event led to. */
const last = (...events: SessionEvent[]): string[] => said(play(FLOW, ASKED, ...events).effects);
/** A takeover, and what follows it. */
const taken = (then: (act: string) => SessionEvent[]): SessionEvent[] => {
  const take = act({ kind: "Takeover", name: "Ada" });
  return [take, ...then(take.kind === "act" ? take.id : "")];
};

describe("a hand-off", () => {
  it("[H5] is sent as a chat session, and the flow waits", () => {
    const { effects, session } = play(FLOW, ASKED);
    expect(messages(effects)).toEqual([
      {
        kind: "StartChatSession",
        sessionId: "workshop",
        chatText: "One moment, I am getting somebody from the workshop. You can write already what it is about.",
        handOff: { timeout: 300 },
      },
    ]);
    expect([session.ended, session.taken]).toEqual([false, false]);
    const { fetch, ...rest } = FLOW;
    const on = { ...rest, fetch: { ...fetch, next: "goodbye" } };
    expect(said(play(on, ASKED).effects), "whatever the file says").toEqual(["fetch", "turn"]);
  });

  it("[H5] is stepped by rules 2, any other flow by 1", () => {
    expect(compile(FLOW).step).toBe(2);
    expect(compile(flowFile("support-triage")).step).toBe(1);
  });

  it("[H5] takes texts without an answer, refuses other answers, and is closed by a start over", () => {
    expect(last(answer(text("workshop", "Hello?")))).toEqual(["turn"]);
    expect(last(answer(text("workshop", "Hello?"), 3))).toEqual(["turn stale"]);
    expect(last(answer(choice("topic", "hours")))).toEqual(["turn paused"]);
    expect(last(answer(text("note", "x")))).toEqual(["turn paused"]);
    expect(last({ kind: "reset" })).toEqual(["hello", "askTopic", "turn"]);
  });

  it("[H6, H7] goes on at the state of its outcome while it waits, and once", () => {
    expect(last(over("timeout"))).toEqual(["(EndChatSession)", "askWait", "turn"]);
    expect(last(over("unavailable"))).toEqual(["(EndChatSession)", "nobody", "askNote", "turn"]);
    expect(last(over("timeout"), over("timeout"))).toEqual(["turn stale"]);
    expect(last(over("timeout", { re: 3 }))).toEqual(["turn stale"]);
    expect(last(over("timeout", { handOffId: "other" }))).toEqual(["turn stale"]);
    expect(last(over("timeout", { after: "o.none" }))).toEqual(["turn stale"]);
    const { workshopLate: _, ...less } = FLOW;
    const ended = play(less, ASKED, over("timeout"));
    expect(said(ended.effects)).toEqual(["(EndChatSession)", "turn ended"]);
  });

  it("[H5] a person who takes it talks in it, and closes it when he is done", () => {
    expect(last(...taken(() => []))).toEqual(["turn"]);
    expect(last(...taken(() => [over("timeout")]))).toEqual(["turn stale"]);
    expect(last(...taken(() => [{ kind: "reset" }]))).toEqual(["turn paused"]);
    expect(last(...taken((id) => [{ kind: "said", act: id }]))).toEqual(["turn"]);
    const done = play(FLOW, ASKED, ...taken((after) => [act({ kind: "GiveBack", after })]));
    expect(said(done.effects)).toEqual(["(EndChatSession)", "afterwards", "askMore", "turn"]);
    expect(done.effects[0]).toMatchObject({ by: "person:ada", message: { sessionId: "workshop" } });
    expect(done.effects.at(-1)).toMatchObject({ state: "workshopDone" });
  });

  it("[H5, H6] passed on to a queue waits again, whether somebody had it or not", () => {
    const passed = act({ kind: "Assign", queue: "Sales" });
    const after = passed.kind === "act" ? passed.id : "";
    expect(last(passed)).toEqual(["turn"]);
    expect(last(passed, over("timeout"))).toEqual(["turn stale"]);
    expect(last(passed, over("timeout", { after }))).toEqual(["(EndChatSession)", "askWait", "turn"]);
    const { session } = play(FLOW, ASKED, ...taken((after) => [act({ kind: "Assign", after, queue: "Sales" })]));
    expect(session.taken).toBe(false);
    const given = play(FLOW, ASKED, ...taken((after) => [act({ kind: "Assign", after, to: "person:bob" })]));
    expect(given.session.taken).toBe(true);
  });

  it("[H4] is opened anew by Resend, and closed without an outcome by Move and End", () => {
    expect(last(act({ kind: "Resend" }))).toEqual(["fetch", "turn"]);
    expect(last(act({ kind: "Move", state: "goodbye" }))).toEqual(["fetch", "goodbye", "turn ended"]);
    expect(last(act({ kind: "End" }))).toEqual(["fetch", "turn ended"]);
  });
});
