import type { Program } from "../flow/compile.js";
import { OPERATOR_CHAT } from "../flow/naming.js";
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
  type Standing,
  type TurnEffect,
  takenAfter,
} from "./state.js";

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

const refuse = (session: Session, refused: RefusalCode): [Session, Effect[]] => [
  session,
  [turn(session.ended, { refused })],
];

/** Whether the visitor has been shown what opened it; of a run that was cut (L8) something may be open that was not. */
const isShown = ({ seq }: Session, open: { readonly seq: number }): boolean => open.seq <= seq;

/** What decides whether an act counts: of a hand-off only one that everybody has seen. */
function standing(session: Session): Standing {
  const { act, taken } = session;
  const open = openHandOff(session);
  return { act, taken, handOff: open && isShown(session, open) ? open : undefined };
}

/**
 * H1, H5: sees to it that the chat session is open in which the visitor talks with a person: that of the hand-off, or one
 * of its own. Where the run that led to the hand-off was cut before it was shown, nothing else of that run is open.
 */
function openForPerson(program: Program, session: Session, by: string): [Session, Effect[]] {
  const handOff = openHandOff(session);
  const chat = handOff ?? session.chats.get(OPERATOR_CHAT);
  if (chat && (program.step === 1 || isShown(session, chat))) return [session, [turn(false)]];
  const seq = session.seq + 1;
  const questions = new Map([...session.questions].filter(([, open]) => !handOff || isShown(session, open)));
  const chats = new Map([...session.chats].filter(([, open]) => !handOff || isShown(session, open)));
  const asked = handOff?.message.handOff;
  const sessionId = handOff?.message.sessionId ?? OPERATOR_CHAT;
  const message = { kind: "StartChatSession", sessionId, ...(asked && { handOff: asked }) } as const;
  chats.set(sessionId, { seq, state: undefined, message });
  return [{ ...session, seq, questions, chats }, [{ kind: "send", state: undefined, message, by }, turn(false)]];
}

/** H3, H4: nobody but the bot has the conversation, and the person's editor is closed. */
function withoutPerson(session: Session, by: string): [Session, SendEffect[]] {
  if (!session.taken) return [session, []];
  return closeChat({ ...session, taken: false }, openHandOff(session)?.message.sessionId ?? OPERATOR_CHAT, by);
}

function closeChat(session: Session, sessionId: string, by?: string): [Session, SendEffect[]] {
  const message = { kind: "EndChatSession", sessionId } as const;
  const chats = new Map(session.chats);
  chats.delete(sessionId);
  const sent = { kind: "send", state: undefined, message, ...(by !== undefined && { by }) } as const;
  return [{ ...session, seq: session.seq + 1, chats }, [sent]];
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

/** H3, H4: asks again what is open, the oldest first. */
function askAgain(session: Session, effects: SendEffect[]): [Session, Effect[]] {
  const questions = new Map<string, Open<"ChoiceRequest">>();
  const chats = new Map<string, Open<"StartChatSession">>();
  let { seq } = session;
  const asked = [...session.questions.values(), ...session.chats.values()].sort((a, b) => a.seq - b.seq);
  for (const { state, message } of asked) {
    const again = { kind: "send", state, message } as const;
    seq += 1;
    open(again, seq, questions, chats);
    effects.push(again);
  }
  const ended = questions.size === 0 && chats.size === 0;
  return [{ ...session, seq, questions, chats, ended }, [...effects, turn(ended)]];
}

/** H4: nothing is open any more; the editors that were are closed. */
function closeAll(session: Session, by: string): [Session, SendEffect[]] {
  const [alone, effects] = withoutPerson(session, by);
  for (const { message, state } of alone.chats.values()) {
    effects.push({ kind: "send", state, message: { kind: "EndChatSession", sessionId: message.sessionId } });
  }
  const { questions, chats } = NEW_SESSION;
  return [{ ...alone, seq: session.seq + effects.length, questions, chats, ended: true }, effects];
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

/** H2, H5: what is said to the person who is there or waited for; the flow's own questions wait. */
function answerPerson(
  session: Session,
  handOff: Open<"StartChatSession"> | undefined,
  answer: AnswerMessage,
  re: number | undefined,
): [Session, Effect[]] {
  const chat = handOff ?? session.chats.get(OPERATOR_CHAT);
  if (answer.kind !== "UserText" || answer.sessionId !== (handOff?.message.sessionId ?? OPERATOR_CHAT)) {
    return refuse(session, "paused");
  }
  if (re !== undefined && re !== chat?.seq) return refuse(session, "stale");
  return [{ ...session, seq: session.seq + 1 }, [turn(false)]];
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

/** The end of a run. Neither this nor a session is made by spreading another: V8 gives each copy of a copy a shape. */
function turn(
  ended: boolean,
  rest: { refused?: RefusalCode; failed?: string | undefined; state?: string | undefined } = {},
): TurnEffect {
  const effect: { -readonly [K in keyof TurnEffect]: TurnEffect[K] } = { kind: "turn" };
  if (rest.refused !== undefined) effect.refused = rest.refused;
  if (ended) effect.ended = true;
  if (rest.failed !== undefined) effect.failed = rest.failed;
  if (rest.state !== undefined) effect.state = rest.state;
  return effect;
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

/** F3: what a request opens, replaces or closes. */
function open(
  { message, state }: SendEffect,
  seq: number,
  questions: Map<string, Open<"ChoiceRequest">>,
  chats: Map<string, Open<"StartChatSession">>,
): void {
  switch (message.kind) {
    case "ChoiceRequest":
      questions.set(message.groupId, { seq, state, message });
      break;
    case "StartChatSession":
      chats.set(message.sessionId, { seq, state, message });
      break;
    case "EndChatSession":
      chats.delete(message.sessionId);
      break;
    case "BotText":
      break;
    default:
      message satisfies never;
  }
}
