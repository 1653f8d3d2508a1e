import type { Program } from "../flow/compile.js";
import {
  type Beginning,
  type InputRecord,
  isInput,
  type LogRecord,
  RECORD_VERSION,
  type RequestRecord,
  runId,
  type TurnMessage,
  type TurnRecord,
} from "../record.js";
import { beginningOf, Conversation } from "./conversation.js";
import { type Effect, NEW_SESSION, type Session, type SessionEvent } from "./state.js";
import { STEP, step } from "./step.js";

/** The program of a flow's version, or why there is none here: not read yet, or not to be compiled. */
export type Programs = (beginning: Beginning) => Program | undefined;

/** The stepping rules by their number; an old one stays as long as a conversation may be on it. */
const STEPS: ReadonlyMap<number, typeof step> = new Map([[STEP, step]]);

/** Why a session cannot be stepped here; its records stay as they are. */
export type Blocked = "version" | "step" | "unreadable";

/**
 * The state of a session as a fold of `step` over its inputs, in the order of the log. It recomputes what the bot said
 * and never reads it back: state is a function of the inputs (P7).
 */
export class Replay {
  session: Session = NEW_SESSION;
  blocked: Blocked | undefined;
  #program: Program | undefined;
  #step = step;

  constructor(private readonly programs: Programs) {}

  /** Steps over one input; the effects are those that its run records. Undefined once the session is blocked. */
  input(record: InputRecord): Effect[] | undefined {
    if (this.blocked) return undefined;
    const beginning = beginningOf(record);
    if (beginning && !this.#begin(beginning)) return undefined;
    if (!this.#program) return undefined;
    const [after, effects] = this.#step(this.#program, this.session, eventOf(record));
    this.session = after;
    return effects;
  }

  #begin(beginning: Beginning): boolean {
    const rules = STEPS.get(beginning.step);
    const program = rules && this.programs(beginning);
    if (!rules) this.blocked = "step";
    else if (!program) this.blocked = "version";
    else {
      this.#program = program;
      this.#step = rules;
    }
    return this.blocked === undefined;
  }
}

/** What an input is to the stepping rules. */
export function eventOf(record: InputRecord): SessionEvent {
  const payload = record.payload;
  if (payload === undefined) return { kind: "begin" };
  if (payload.kind === "Control") return { kind: "variables", values: payload.message.values };
  const message = payload.message;
  if (message.kind === "ResetSession") return { kind: "reset" };
  const re = "re" in record ? record.re : undefined;
  return re === undefined ? { kind: "answer", message } : { kind: "answer", message, re };
}

/** The records of the run that answers `input`. Their ids follow from the input: appended twice, they are there once. */
export function runRecords(
  input: InputRecord,
  effects: readonly Effect[],
  context: { readonly timestamp: string; readonly fence: number },
): (RequestRecord | TurnRecord)[] {
  const { sid, id: of } = input;
  const { timestamp, fence } = context;
  // Without spreads: V8 gives each copy of a copy a shape of its own, and whoever reads it later looks everything up.
  return effects.map((effect, i) => {
    const id = runId(of, fence, i + 1);
    if (effect.kind === "send") {
      const { message, state } = effect;
      const payload = { kind: "Request" as const, message };
      return { v: RECORD_VERSION, sid, id, payload, timestamp, of, fence, state, by: "bot" };
    }
    const { state, refused, ended, failed } = effect;
    const message: { -readonly [K in keyof TurnMessage]: TurnMessage[K] } = { kind: "Turn" };
    if (refused !== undefined) message.refused = refused;
    if (ended !== undefined) message.ended = ended;
    if (failed !== undefined) message.failed = failed;
    const payload = { kind: "Control" as const, message };
    if (state === undefined) return { v: RECORD_VERSION, sid, id, payload, timestamp, of, fence };
    return { v: RECORD_VERSION, sid, id, payload, timestamp, of, fence, state };
  });
}

/** A session from its records: what everybody sees, its state, and the runs that are still owed, to append in order. */
export function replay(
  records: Iterable<LogRecord>,
  programs: Programs,
): { replay: Replay; conversation: Conversation; owed: { input: InputRecord; effects: Effect[] }[] } {
  const conversation = new Conversation();
  const state = new Replay(programs);
  const runs: { input: InputRecord; effects: Effect[] }[] = [];
  for (const record of records) {
    const before = conversation.inputs;
    conversation.push(record);
    if (conversation.inputs === before || !isInput(record)) continue;
    const effects = state.input(record);
    if (effects) runs.push({ input: record, effects });
  }
  if (conversation.stopped) state.blocked = "unreadable";
  const owing = new Set(conversation.unfinished.map((input) => input.id));
  return { replay: state, conversation, owed: state.blocked ? [] : runs.filter((run) => owing.has(run.input.id)) };
}
