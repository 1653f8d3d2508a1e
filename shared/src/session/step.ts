import type { Program } from "../flow/compile.js";
import { plainText } from "../flow/rich-text.js";
import { MAX_VALUE_CHARACTERS } from "../flow/template.js";
import type { AnswerMessage, Outcome, RefusalCode } from "../message.js";
import { comparableText, firstUnits } from "../text.js";
import {
  actCounts,
  type Effect,
  type HandOffOver,
  NEW_SESSION,
  type Open,
  openHandOff,
  type SendEffect,
  type Session,
  type SessionEvent,
  takenAfter,
} from "./state.js";
import {
  answerPerson,
  askAgain,
  closeAll,
  closeChat,
  open,
  openForPerson,
  refuse,
  standing,
  turn,
  withoutPerson,
} from "./with-person.js";

/**
 * The numbers of these stepping rules: 1, and 2 for a flow with a hand-off (`Program.step`). It stands in the record that
 * begins a conversation; a change that would answer any recorded conversation otherwise is a new number beside the old
 * (SPEC L4).
 */
export const STEPS: readonly Program["step"][] = [1, 2];
/** F8: a run of more requests than this is cut, and so is a cycle of states that send nothing. */
export const MAX_RUN = 1_000;

/**
 * One event of a conversation: the state after it, and what is to be sent (rules F1–F12).
 * Pure: no clock, no randomness; neither argument is changed. Never fails for a program of a flow without errors.
 */
export function step(program: Program, session: Session, event: SessionEvent): [Session, Effect[]] {
  switch (event.kind) {
    case "begin":
      return run(program, session, program.start);
    case "reset": {
      if (session.taken) return refuse(session, "paused");
      // The message of the reset itself has a number; what the page said stays true.
      const { variables, act } = session;
      return run(program, { ...NEW_SESSION, seq: session.seq + 1, variables, act }, program.start);
    }
    case "variables": {
      const variables = new Map(session.variables);
      for (const [name, value] of Object.entries(event.values)) variables.set(name, value);
      return [{ ...session, variables }, [turn(session.ended)]];
    }
    case "act":
      if (!actCounts(standing(session), event.message)) return refuse(session, "stale");
      return act(program, { ...session, act: event.id }, event);
    case "said":
      if (!session.taken || event.act !== session.act) return refuse(session, "stale");
      return [{ ...session, seq: session.seq + 1 }, [turn(false)]];
    case "hand-off over":
      return handOffOver(program, session, event);
    case "answer": {
      const waits = openHandOff(session);
      if (session.taken || waits) return answerPerson(session, waits, event.message, event.re);
      const found = match(program, session, event.message, event.re);
      if ("refused" in found) return refuse(session, found.refused);
      return run(program, accept(program, session, event.message, found.content), found.state, found.state);
    }
  }
}

/** H6: a hand-off ends before anybody has taken it. */
function handOffOver(program: Program, session: Session, event: HandOffOver): [Session, Effect[]] {
  const { handOffId, outcome, re, after } = event;
  const open = openHandOff(session);
  const meant =
    open?.message.sessionId === handOffId && (re === undefined || (re === open.seq && after === session.act));
  if (!meant || session.taken) return refuse(session, "stale");
  return goOn(program, closeChat(session, handOffId), handOffId, outcome);
}

/** H5: the run from the state that matches how a hand-off ended; without one, what else is open is asked again. */
function goOn(
  program: Program,
  [session, effects]: [Session, SendEffect[]],
  handOffId: string,
  outcome: Outcome,
): [Session, Effect[]] {
  const state = program.outcomes.get(handOffId)?.get(outcome);
  if (state === undefined) return askAgain(session, effects);
  const [after, sent] = run(program, session, state, state);
  return [after, [...effects, ...sent]];
}

/** H1, H3, H4: an act that counts. */
function act(
  program: Program,
  session: Session,
  { message, by }: Extract<SessionEvent, { kind: "act" }>,
): [Session, Effect[]] {
  switch (message.kind) {
    case "Takeover":
      return openForPerson(program, { ...session, taken: true, ended: false }, by);
    case "Assign": {
      const taken = takenAfter(standing(session), message);
      // A flow without hand-offs opens nothing here, and never did.
      return program.step === 1
        ? [{ ...session, taken }, [turn(false)]]
        : openForPerson(program, { ...session, taken }, by);
    }
    case "GiveBack": {
      const handOffId = openHandOff(session)?.message.sessionId;
      const alone = withoutPerson(session, by);
      return handOffId === undefined ? askAgain(...alone) : goOn(program, alone, handOffId, "closed");
    }
    case "Resend":
      return askAgain(session, []);
    case "End": {
      const [ended, effects] = closeAll(session, by);
      return [ended, [...effects, turn(true)]];
    }
    case "Move": {
      // A state that this version does not have: whoever asked was wrong, and nothing is lost.
      const [closed, effects] = program.states.has(message.state) ? closeAll(session, by) : withoutPerson(session, by);
      if (!program.states.has(message.state)) return askAgain(closed, effects);
      const [after, sent] = run(program, closed, message.state);
      return [after, [...effects, ...sent]];
    }
  }
}

/** F4, F6, F7: the state that an answer goes to, and what the visitor said by it; or why it is refused. */
function match(
  program: Program,
  session: Session,
  answer: AnswerMessage,
  re: number | undefined,
): { state: string; content: string } | { refused: RefusalCode } {
  const open = openFor(session, answer);
  if (!open || (re !== undefined && re !== open.seq)) return { refused: "stale" };
  if (answer.kind === "UserText") {
    const matches = program.texts.get(answer.sessionId);
    const state = matches?.exact.get(comparableText(answer.content)) ?? matches?.other;
    return state === undefined ? { refused: "no-match" } : { state, content: answer.content };
  }
  const message = open.message as Open<"ChoiceRequest">["message"];
  const item = message.choices.find((choice) => choice.itemId === answer.itemId);
  if (!item) return { refused: "stale" };
  const state = program.choices.get(answer.groupId)?.get(answer.itemId);
  return state === undefined ? { refused: "no-match" } : { state, content: item.content };
}

const openFor = (session: Session, answer: AnswerMessage) =>
  answer.kind === "UserText" ? session.chats.get(answer.sessionId) : session.questions.get(answer.groupId);

/** F5: an accepted choice closes every open question; a text closes nothing. */
function accept(program: Program, session: Session, answer: AnswerMessage, content: string): Session {
  const id = answer.kind === "UserText" ? answer.sessionId : answer.groupId;
  let { answers } = session;
  if (program.asked.has(id)) {
    const text = answer.kind === "UserText" ? content : plainText(content, "choice");
    answers = new Map(answers).set(id, firstUnits(text, MAX_VALUE_CHARACTERS));
  }
  const questions = answer.kind === "ChoiceResponse" ? NEW_SESSION.questions : session.questions;
  const { seq, chats, variables, ended, act, taken } = session;
  return { seq: seq + 1, questions, chats, answers, variables, ended, act, taken };
}

/**
 * F2, F3, F8: the run from state `from`. The only place that reads `next`.
 * @param matched the state that matched the answer, if it was one
 */
function run(program: Program, session: Session, from: string | undefined, matched?: string): [Session, Effect[]] {
  const effects: Effect[] = [];
  const value = (id: string): string | undefined => session.answers.get(id) ?? session.variables.get(id);
  const questions = new Map(session.questions);
  const chats = new Map(session.chats);
  let seq = session.seq;
  let passed = 0;
  let failed = from === undefined ? "the flow has no states" : undefined;
  for (let name = from; name !== undefined; ) {
    const state = program.states.get(name);
    if (!state) failed = `no state named ${JSON.stringify(name)}`;
    else if (effects.length >= MAX_RUN && state.send) failed = `a run of more than ${MAX_RUN} requests`;
    else if (++passed > program.states.size) failed = `a cycle of "next" through ${JSON.stringify(name)}`;
    if (!state || failed) break;
    if (state.send) {
      const message = state.send(value);
      seq += 1;
      const effect = { kind: "send", state: name, message } as const;
      open(effect, seq, questions, chats);
      effects.push(effect);
    }
    name = state.next;
  }
  if (failed !== undefined) {
    questions.clear();
    chats.clear();
  }
  const ended = questions.size === 0 && chats.size === 0;
  effects.push(turn(ended, { failed, state: matched }));
  // An empty map is not kept: ten thousand sessions wait with at most one thing open.
  return [
    {
      seq,
      questions: questions.size > 0 ? questions : NEW_SESSION.questions,
      chats: chats.size > 0 ? chats : NEW_SESSION.chats,
      answers: session.answers,
      variables: session.variables,
      ended,
      act: session.act,
      taken: session.taken,
    },
    effects,
  ];
}
