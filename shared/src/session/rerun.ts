import type { Program } from "../flow/compile.js";
import { type Rename, renameAnswer, renameChat, renameMessage, renameState } from "../flow/rename.js";
import type { AnswerMessage } from "../message.js";
import type { RecordedInput, RecordedOutcome, RecordedRun, Sent } from "./recording.js";
import { type Effect, NEW_SESSION, openHandOff, type Session, type SessionEvent } from "./state.js";
import { step } from "./step.js";
import { statesFrom } from "./way.js";

/** What is put in again. */
export type Given = {
  readonly inputs: readonly RecordedInput[];
  /** What the page had said before the conversation began (F12). */
  readonly variables?: Readonly<Record<string, string>>;
  /** Whether the conversation had ended after these: if not, one that ends now is a dead end. */
  readonly ended?: boolean;
};
export type RerunOptions = {
  /** What was renamed between the flow that was answered and this one. */
  readonly renames?: readonly Rename[];
  /** Begin at this state instead of the first. */
  readonly start?: string;
};

/** One run, as it came now. */
export type RunAgain = {
  /** The states that it passed, those that send nothing included. */
  readonly passed: readonly string[];
  /** With its ids as they are now; absent: the conversation began. */
  readonly input?: RecordedInput;
  readonly matched?: string;
  readonly sent: readonly Sent[];
  readonly session: Session;
  /** Why the run was cut (F8), and where: the state behind which it could not go on. */
  readonly failed?: { readonly why: string; readonly state?: string };
};

/** Why recorded answers do not lead on. */
export type PartedWhy =
  /** The flow has no such state any more: where to begin, or that asked. */
  | "state-gone"
  /** The state is there, and the conversation does not come by it, or waits for something else by now. */
  | "not-asked"
  /** The question no longer offers this answer. */
  | "answer-gone"
  /** Offered, and no state takes it. */
  | "leads-nowhere"
  /** The text is not among those expected. */
  | "text-unexpected"
  /** A run came to something broken. */
  | "failed"
  /** The conversation has ended where it went on, or waited, before. */
  | "dead-end";
export type Parted = {
  readonly why: PartedWhy;
  /** Which of the inputs was not taken; their number, when all were. */
  readonly input: number;
  /** The state it is about, by its name now. */
  readonly state?: string;
};
export type Rerun = {
  /** The beginning and one for each input that was taken. */
  readonly runs: readonly RunAgain[];
  readonly session: Session;
  /** How many inputs were taken. */
  readonly taken: number;
  /** The states that wait for an answer now, the oldest first. */
  readonly waiting: readonly string[];
  readonly parted?: Parted;
};

/**
 * Puts recorded inputs into a conversation on another flow, by the same `step`, until one does not lead on. Pure; where
 * the flow is the same one, the conversation is. Never throws, whatever the flow: `compile` takes a broken one too.
 */
export function rerun(program: Program, given: Given, options: RerunOptions = {}): Rerun {
  const { renames = [] } = options;
  const runs: RunAgain[] = [];
  const askedBy = new Map<number, string>();
  let session: Session = { ...NEW_SESSION, variables: new Map(Object.entries(given.variables ?? {})) };
  const end = (parted?: Parted): Rerun => {
    const waiting = waitingSeqs(session).flatMap((seq) => askedBy.get(seq) ?? []);
    return { runs, session, taken: Math.max(0, runs.length - 1), waiting, ...(parted && { parted }) };
  };
  const take = (event: SessionEvent, input?: RecordedInput): Effect => {
    let seq = session.seq + (event.kind === "answer" ? 1 : 0);
    const [after, effects] = step(started, session, event);
    const turn = effects.at(-1)!;
    if (turn.kind === "turn" && turn.refused !== undefined) return turn;
    for (const effect of effects) {
      if (effect.kind === "send") seq += 1;
      if (effect.kind === "send" && effect.state !== undefined) askedBy.set(seq, effect.state);
    }
    const sent = effects.flatMap(sentBy);
    session = after;
    runs.push(again(started, input, { sent, turn, session }));
    return turn;
  };

  const start = options.start === undefined ? program.start : renameState(options.start, renames);
  const started = start === program.start ? program : { ...program, start };
  if (options.start !== undefined && !program.states.has(start!))
    return end({ why: "state-gone", input: 0, state: start! });
  take({ kind: "begin" });
  for (const [i, given_] of given.inputs.entries()) {
    const broken = runs.at(-1)!.failed;
    if (broken) return end({ why: "failed", input: i, ...stateOf(broken.state) });
    if (given_.kind === "variables") {
      take({ kind: "variables", values: given_.values }, given_);
      continue;
    }
    if (given_.kind === "outcome") {
      const input = renameOutcome(given_, renames);
      const why = whyNotOver(program, session, input);
      if (why) return end({ why, input: i, ...stateOf(input.asked) });
      take({ ...input, kind: "hand-off over" }, input);
      continue;
    }
    const message = renameAnswer(given_.message, renames);
    const asked = given_.asked === undefined ? undefined : renameState(given_.asked, renames);
    const input: RecordedInput = { ...given_, message, ...(asked !== undefined && { asked }) };
    const turn = take({ kind: "answer", message }, input);
    if (turn.kind === "turn" && turn.refused !== undefined) {
      const why = whyNot(program, session, message, asked);
      return end({ why, input: i, ...stateOf(asked) });
    }
  }
  const broken = runs.at(-1)!.failed;
  if (broken) return end({ why: "failed", input: given.inputs.length, ...stateOf(broken.state) });
  if (given.ended === false && session.ended) {
    const last = runs.at(-1)!;
    return end({ why: "dead-end", input: given.inputs.length, ...stateOf(last.sent.at(-1)?.state ?? last.matched) });
  }
  return end();
}

function renameOutcome(input: RecordedOutcome, renames: readonly Rename[]): RecordedOutcome {
  const { asked } = input;
  return {
    ...input,
    handOffId: renameChat(input.handOffId, renames),
    ...(asked !== undefined && { asked: renameState(asked, renames) }),
  };
}

/** Why a hand-off cannot end so here; undefined where it can. */
function whyNotOver(program: Program, session: Session, input: RecordedOutcome): PartedWhy | undefined {
  const { handOffId, outcome, asked } = input;
  if (openHandOff(session)?.message.sessionId !== handOffId) {
    if (asked !== undefined && !program.states.has(asked)) return "state-gone";
    return session.ended ? "dead-end" : "not-asked";
  }
  return program.outcomes.get(handOffId)?.has(outcome) ? undefined : "leads-nowhere";
}

/** Of what closes a person's editor, or a hand-off, no state is the sender. */
const sentBy = (effect: Effect): Sent[] =>
  effect.kind === "send" && effect.state !== undefined ? [{ state: effect.state, message: effect.message }] : [];

const stateOf = (state: string | undefined) => (state === undefined ? {} : { state });

/** What is open, by the `seq` of the message that opened it. */
const waitingSeqs = ({ questions, chats }: Session): number[] =>
  [...questions.values(), ...chats.values()].map(({ seq }) => seq).sort((a, b) => a - b);

function again(
  program: Program,
  input: RecordedInput | undefined,
  { sent, turn, session }: { sent: readonly Sent[]; turn: Effect; session: Session },
): RunAgain {
  const { failed, state: matched } = turn.kind === "turn" ? turn : {};
  // The state behind which a run that was cut could not go on: the last one sent, or one behind it that sends nothing.
  const last = statesFrom(program, sent.at(-1)?.state ?? matched).at(-1);
  const begins = input === undefined ? program.start : matched;
  return {
    passed: statesFrom(program, begins),
    ...(input && { input }),
    ...(matched !== undefined && { matched }),
    sent,
    session,
    ...(failed !== undefined && { failed: { why: failed, ...stateOf(last) } }),
  };
}

/** Why an answer was refused, in the words of whoever changed the flow. */
function whyNot(program: Program, session: Session, answer: AnswerMessage, asked: string | undefined): PartedWhy {
  const open = answer.kind === "UserText" ? session.chats.get(answer.sessionId) : session.questions.get(answer.groupId);
  if (open === undefined) {
    if (asked !== undefined && !program.states.has(asked)) return "state-gone";
    return session.ended ? "dead-end" : "not-asked";
  }
  if (answer.kind === "UserText") return "text-unexpected";
  const { message } = open;
  const offered = message.kind === "ChoiceRequest" && message.choices.some(({ itemId }) => itemId === answer.itemId);
  return offered ? "leads-nowhere" : "answer-gone";
}

/**
 * Where a conversation first says otherwise than it did: the number of the run, and the state whose message is another,
 * by its name now (of a message that is gone, by its old one). What was renamed and nothing else is the same.
 */
export function difference(
  recorded: readonly RecordedRun[],
  now: readonly RunAgain[],
  renames: readonly Rename[] = [],
): { readonly run: number; readonly state?: string } | undefined {
  for (const [run, before] of recorded.entries()) {
    const after = now[run];
    if (!after) return { run };
    const count = Math.max(before.sent.length, after.sent.length);
    for (let i = 0; i < count; i++) {
      const [old, came] = [before.sent[i], after.sent[i]];
      const same = old && came && came.state === renameState(old.state, renames) && sameMessage(old, came, renames);
      if (!same) return { run, ...stateOf(came?.state ?? old?.state) };
    }
  }
  return now.length > recorded.length ? { run: recorded.length } : undefined;
}

const sameMessage = (old: Sent, came: Sent, renames: readonly Rename[]): boolean =>
  JSON.stringify(renameMessage(old.message, renames)) === JSON.stringify(came.message);
