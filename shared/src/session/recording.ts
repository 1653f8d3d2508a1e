import type { AnswerMessage, Outcome, RequestMessage } from "../message.js";
import { type Beginning, type InputRecord, isInput, type LogRecord } from "../record.js";
import { beginningOf, Conversation, type Shown, type TurnShown } from "./conversation.js";

/** How a hand-off ended, and the state that opened it. */
export type RecordedOutcome = {
  readonly kind: "outcome";
  readonly handOffId: string;
  readonly outcome: Outcome;
  readonly asked?: string;
};
/** What came into a conversation, without the number of the message it answered: that is another elsewhere. */
export type RecordedInput =
  | { readonly kind: "answer"; readonly message: AnswerMessage /** The state that asked. */; readonly asked?: string }
  | RecordedOutcome
  | { readonly kind: "variables"; readonly values: Readonly<Record<string, string>> };

export type Sent = { readonly state: string; readonly message: RequestMessage };
/** With its number in the session. */
export type RecordedSent = Sent & { readonly seq: number };
/** A run as it was recorded. */
export type RecordedRun = {
  /** Of the record that it answers, and when that was sent, ISO 8601. */
  readonly id: string;
  readonly at: string;
  /** Absent: the conversation began. */
  readonly input?: RecordedInput;
  /** The state that matched the answer. */
  readonly matched?: string;
  /** The `seq` of the answer itself, or of the start over. */
  readonly said?: number;
  readonly sent: readonly RecordedSent[];
  readonly ended: boolean;
  readonly failed?: string;
};
/** One conversation from its beginning: what was put in and what came of it. */
export type Recording = {
  readonly beginning: Beginning;
  /** What the page had said before it began (F12). */
  readonly variables: Readonly<Record<string, string>>;
  /** The beginning, then one for each input that was taken, in order. What was refused changed nothing, and is left out. */
  readonly runs: readonly RecordedRun[];
};

type Growing = { -readonly [K in keyof RecordedRun]: RecordedRun[K] } & { sent: RecordedSent[] };

/**
 * The conversations of a session in their order: the first, and one for each start over. Runs without an end are left
 * out, and so is what a person and the visitor said to each other: no flow answers that. Of a hand-off it is told how it
 * ended.
 */
export function recordings(records: Iterable<LogRecord>): Recording[] {
  const conversation = new Conversation();
  const inputs = new Map<string, InputRecord>();
  const open = new Map<string, Growing>();
  const found: { beginning: Beginning; variables: Record<string, string>; runs: RecordedRun[] }[] = [];
  const variables: Record<string, string> = {};
  for (const record of records) {
    const before = conversation.inputs;
    const of = "of" in record ? inputs.get(record.of) : undefined;
    const said = of?.payload?.kind === "Response" ? conversation.asked(of.payload.message) : undefined;
    const events = conversation.push(record);
    if (conversation.inputs > before && isInput(record)) inputs.set(record.id, record);
    if (!of) continue;
    const run = open.get(of.id) ?? begun(of, said?.state);
    open.set(of.id, run);
    for (const event of events) {
      if (event.kind === "message") {
        const { seq, state } = event;
        if (state !== undefined) run.sent.push({ state, message: event.message as RequestMessage, seq });
        else if (of.payload?.kind === "Response") run.said = seq;
        if (state === undefined && run.input?.kind === "answer") {
          run.input = { ...run.input, message: event.message as AnswerMessage };
        }
        continue;
      }
      open.delete(of.id);
      const over = event.over && outcomeOf(event.over, conversation);
      if (event.refused !== undefined || !(over || ofFlow(of, said))) continue;
      if (over) run.input = over;
      run.ended = event.ended;
      if (event.state !== undefined) run.matched = event.state;
      if (event.failed !== undefined) run.failed = event.failed;
      const beginning = beginningOf(of);
      if (beginning) found.push({ beginning, variables: { ...variables }, runs: [] });
      if (run.input?.kind === "variables") Object.assign(variables, run.input.values);
      found.at(-1)?.runs.push(run);
    }
  }
  return found;
}

function outcomeOf(over: NonNullable<TurnShown["over"]>, conversation: Conversation): RecordedOutcome {
  const opened = conversation.asked({ kind: "UserText", sessionId: over.handOffId, content: "" });
  return { kind: "outcome", ...over, ...(opened?.state !== undefined && { asked: opened.state }) };
}

/** Whether the flow answers it, and not a person: a person's editor was opened by no state, or by a hand-off. */
function ofFlow({ payload }: InputRecord, asked: Shown | undefined): boolean {
  if (payload === undefined) return true;
  if (payload.kind === "Control") return payload.message.kind === "SetVariables";
  if (payload.kind !== "Response") return false;
  const handOff = asked?.message.kind === "StartChatSession" && asked.message.handOff !== undefined;
  return asked === undefined || (asked.state !== undefined && !handOff);
}

function begun({ id, timestamp: at, payload }: InputRecord, asked: string | undefined): Growing {
  const run: Growing = { id, at, sent: [], ended: false };
  const message = payload?.message;
  if (message?.kind === "SetVariables") run.input = { kind: "variables", values: message.values };
  else if (message?.kind === "ChoiceResponse" || message?.kind === "UserText") {
    run.input = { kind: "answer", message, ...(asked !== undefined && { asked }) };
  }
  return run;
}
