import type { Program } from "../flow/compile.js";
import {
  type ActRecord,
  actOf,
  type Beginning,
  type InputRecord,
  isInput,
  type LogRecord,
  type OperatorRecord,
  RECORD_VERSION,
  type RequestRecord,
  runId,
  type TurnMessage,
  type TurnRecord,
  type WaitMessage,
} from "../record.js";
import { beginningOf, Conversation } from "./conversation.js";
import { type Effect, NEW_SESSION, type Session, type SessionEvent, type TurnEffect } from "./state.js";
import { STEPS, step } from "./step.js";

/** The program of a flow's version, or why there is none here: not read yet, or not to be compiled. */
export type Programs = (beginning: Beginning) => Program | undefined;

/** The stepping rules by their number; an old one stays as long as a conversation may be on it. */
const RULES: ReadonlyMap<number, typeof step> = new Map(STEPS.map((number) => [number, step]));

/** Why a session cannot be stepped here; its records stay as they are. */
export type Blocked = "version" | "step" | "unreadable";

/** For reading inputs alone, where no person took part. */
export const NO_ACT: Pick<Conversation, "open" | "act"> = { open: new Map(), act: undefined };

/** What a workflow owes for an input: its run, of which the first `from` records stand in the log already. */
export type Run = { readonly input: InputRecord; readonly effects: readonly Effect[]; readonly from: number };

/** An input whose run may not be in the log yet, and what it was stepped from. */
type Pending = {
  readonly run: Run;
  readonly before: Session;
  readonly after: Session;
  readonly program: Program | undefined;
  readonly step: typeof step;
};

/**
 * The state of a session as a fold of `step` over its inputs, in the order of the log. It recomputes what the bot said
 * and never reads it back: state is a function of the inputs (P7), and of what of their runs stood when a person took
 * the conversation (L8).
 */
export class Replay {
  session: Session = NEW_SESSION;
  blocked: Blocked | undefined;
  #program: Program | undefined;
  #step = step;
  #pending: Pending[] = [];

  constructor(private readonly programs: Programs) {}

  /**
   * Steps over one input, which `conversation` has just taken. An exclusive act that counts cuts the runs before it:
   * what they said stands, and inputs of which nothing stands are judged anew behind the act.
   * @returns the runs to append, in their order; undefined once the session is blocked
   */
  input(record: InputRecord, conversation: Pick<Conversation, "open" | "act">): Run[] | undefined {
    if (this.blocked) return undefined;
    const { open } = conversation;
    this.#pending = this.#pending.filter(({ run }) => open.has(run.input.id));
    const cuts = actOf(record) !== undefined && conversation.act === record.id;
    // What counts is decided by what everybody has seen, not by runs that are still under way here.
    if (!cuts) return actOf(record) === undefined ? this.#take(record) : this.#refuse(record);
    const { ended, again } = this.#cut(open);
    const runs = [...ended, ...(this.#take(record) ?? [])];
    // L8: judged anew. An act that did not count where it stands does not count later either.
    for (const input of again) {
      runs.push(...((actOf(input) === undefined ? this.#take(input) : this.#refuse(input)) ?? []));
    }
    return this.blocked ? undefined : runs;
  }

  #take(record: InputRecord): Run[] | undefined {
    const [program, rules, before] = [this.#program, this.#step, this.session];
    const beginning = beginningOf(record);
    if (beginning && !this.#begin(beginning)) return undefined;
    if (!this.#program) return undefined;
    const [after, effects] = this.#step(this.#program, before, eventOf(record));
    // A start over that is refused begins nothing.
    if (isRefused(effects)) [this.#program, this.#step] = [program, rules];
    this.session = after;
    return this.#owe({ run: { input: record, effects, from: 0 }, before, after, program, step: rules });
  }

  #owe(pending: Pending): Run[] {
    this.#pending.push(pending);
    return [pending.run];
  }

  /**
   * Puts the session to where it stands for everybody now: inputs of whose run something stands have happened, and so
   * have the beginning and acts before this one; their runs only end. Of the others nothing has happened.
   */
  #cut(open: ReadonlyMap<string, number>): { ended: Run[]; again: InputRecord[] } {
    const pending = this.#pending;
    this.#pending = [];
    const ended: Run[] = [];
    const again: InputRecord[] = [];
    this.session = pending[0]?.before ?? this.session;
    for (const one of pending) {
      const { input, effects } = one.run;
      const n = open.get(input.id) ?? 0;
      if (n === 0 && !happens(one.run)) {
        // The first: those behind it were stepped from what it led to.
        if (again.length === 0) [this.#program, this.#step] = [one.program, one.step];
        again.push(input);
        continue;
      }
      const own = n > 0 && showsItself(input) ? 1 : 0;
      const { ended: _, ...end } = effects.at(-1) as TurnEffect;
      const run = { input, effects: [...effects.slice(0, n), end], from: n };
      this.session = { ...one.after, seq: this.session.seq + own + n };
      ended.push(...this.#owe({ ...one, run, after: this.session }));
    }
    return { ended, again };
  }

  /** An act that did not count. */
  #refuse(record: InputRecord): Run[] | undefined {
    const { session: before, blocked } = this;
    const effects: Effect[] = [{ kind: "turn", refused: "stale", ...(before.ended && { ended: true }) }];
    const run = { input: record, effects, from: 0 };
    return blocked ? undefined : this.#owe({ run, before, after: before, program: this.#program, step: this.#step });
  }

  #begin(beginning: Beginning): boolean {
    const rules = RULES.get(beginning.step);
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

const isRefused = (effects: readonly Effect[]): boolean => {
  const end = effects.at(-1);
  return end?.kind === "turn" && end.refused !== undefined;
};

/** Whether an input has its effect where it stands, whatever of its run does: the beginning, and an act that counts. */
const happens = ({ input, effects }: Run): boolean =>
  input.payload === undefined || (actOf(input) !== undefined && !isRefused(effects));

/** Whether a message of its own is shown where an input is accepted. */
const showsItself = ({ payload }: InputRecord): boolean => payload?.kind === "Response" || payload?.kind === "Request";

/** What an input is to the stepping rules. */
export function eventOf(record: InputRecord): SessionEvent {
  const payload = record.payload;
  if (payload === undefined) return { kind: "begin" };
  if (payload.kind === "Request") return { kind: "said", act: (record as OperatorRecord).act };
  if (payload.kind === "Control") {
    const { message } = payload;
    if (message.kind === "SetVariables") return { kind: "variables", values: message.values };
    const act = actOf(record);
    if (act) return { kind: "act", id: record.id, by: (record as ActRecord).by, message: act };
    const { kind, handOffId, re, after } = message as WaitMessage;
    const outcome = kind === "Due" ? "timeout" : "unavailable";
    return { kind: "hand-off over", handOffId, outcome, re, ...(after !== undefined && { after }) };
  }
  const message = payload.message;
  if (message.kind === "ResetSession") return { kind: "reset" };
  const re = "re" in record ? record.re : undefined;
  return re === undefined ? { kind: "answer", message } : { kind: "answer", message, re };
}

/**
 * The records of a run that are to be appended. Their ids follow from the input and the fence: appended twice, they are
 * there once.
 */
export function runRecords(
  { input, effects, from }: Run,
  context: { readonly timestamp: string; readonly fence: number },
): (RequestRecord | TurnRecord)[] {
  const { sid, id: of } = input;
  const { timestamp, fence } = context;
  // Without spreads: V8 gives each copy of a copy a shape of its own, and whoever reads it later looks everything up.
  const records = effects.map((effect, i) => {
    const id = runId(of, fence, i + 1);
    if (effect.kind === "send") {
      const { message, state, by = "bot" } = effect;
      const payload = { kind: "Request" as const, message };
      if (state === undefined) return { v: RECORD_VERSION, sid, id, payload, timestamp, of, fence, by };
      return { v: RECORD_VERSION, sid, id, payload, timestamp, of, fence, state, by };
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
  return from === 0 ? records : records.slice(from);
}

/** A session from its records: what everybody sees, its state, and the runs that are still owed, to append in order. */
export function replay(
  records: Iterable<LogRecord>,
  programs: Programs,
): { replay: Replay; conversation: Conversation; owed: Run[] } {
  const conversation = new Conversation();
  const state = new Replay(programs);
  // A run that is judged anew stands behind the act that made it so.
  const runs = new Map<string, Run>();
  for (const record of records) {
    const before = conversation.inputs;
    conversation.push(record);
    if (conversation.inputs === before || !isInput(record)) continue;
    for (const run of state.input(record, conversation) ?? []) {
      runs.delete(run.input.id);
      runs.set(run.input.id, run);
    }
  }
  if (conversation.stopped) state.blocked = "unreadable";
  const { open } = conversation;
  return {
    replay: state,
    conversation,
    owed: state.blocked ? [] : [...runs.values()].filter((run) => open.has(run.input.id)),
  };
}
