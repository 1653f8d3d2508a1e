import type { ConversationDetail } from "@parley/shared/api/conversations";
import type { Message } from "@parley/shared/message";
import type { Told } from "@parley/shared/scenario/make-scenario";
import type { RecordedInput, Sent } from "@parley/shared/session/recording";

type Event = ConversationDetail["events"][number];
/** One message of a transcript. `state`: the step that sent it. */
export type Said = {
  readonly seq: number;
  /** Of its record. */
  readonly id: string;
  readonly at: string;
  readonly message: Message;
  readonly state: string | undefined;
  /** Who says it, where that is neither the bot nor the visitor. */
  readonly by: string | undefined;
  /** What people did to the conversation before it was said, and after it, as sentences. */
  readonly before: readonly string[];
  readonly after: readonly string[];
};

/** The messages of a conversation, in order. An act of a person stands before what came of it, if anything did. */
export function saidIn(events: readonly Event[]): Said[] {
  const said: (Said & { before: string[]; after: string[] })[] = [];
  let first = 0;
  for (const event of events) {
    if (event.kind === "message") {
      const { seq, id, at, state, by } = event;
      said.push({ seq, id, at, state, by, message: event.message as unknown as Message, before: [], after: [] });
      continue;
    }
    const note = event.did && deedWords(event.did);
    if (note !== undefined && first < said.length) said[first]!.before.push(note);
    else if (note !== undefined) said.at(-1)?.after.push(note);
    first = said.length;
  }
  return said;
}

/** The name in `person:<name>`. */
export const nameIn = (by: string): string => by.slice(by.indexOf(":") + 1);

const DEEDS: Readonly<Record<string, string>> = {
  Takeover: "took over",
  Assign: "passed it on",
  GiveBack: "gave it back to the bot",
  Resend: "asked again what was open",
  Move: "went on at another step",
  End: "ended it",
};
const deedWords = ({ kind, by, why }: NonNullable<Extract<Event, { kind: "turn" }>["did"]>): string =>
  `${nameIn(by)} ${DEEDS[kind] ?? kind}${why === undefined ? "" : `: ${why}`}`;

/** The way a conversation had gone when the message `seq` was said, and where it waited. */
export type Moment = { readonly path: readonly string[]; readonly waiting: readonly string[] };

/**
 * What to paint for a moment. A run's record of what it matched stands at its end, and belongs before what it sent.
 * @param seq the last message that counts
 */
export function momentAt(events: readonly Event[], seq: number): Moment {
  const path: string[] = [];
  let run: string[] = [];
  let open: { readonly id: string; readonly state: string }[] = [];
  /** What was open where the run began: an act of a person may close it without a message. */
  let before = open;
  let over = false;
  for (const event of events) {
    if (event.kind === "turn") {
      if (event.state !== undefined && (!over || run.length > 0)) path.push(event.state);
      path.push(...run);
      run = [];
      const closes = event.did?.kind === "Move" || event.did?.kind === "End";
      if (closes) open = open.filter((one) => !before.includes(one));
      before = open;
      if (over) break;
      continue;
    }
    if (event.seq > seq) {
      over = true;
      if (run.length === 0) break;
      continue;
    }
    if (event.state !== undefined) run.push(event.state);
    open = opened(open, event.message as unknown as Message, event.state);
  }
  path.push(...run);
  return { path, waiting: open.flatMap(({ state }) => state || []) };
}

/**
 * What was put in and what came of it, run by run. What was refused is left out, and so is what people did (`o.…`), but
 * for the end of a hand-off, and what the visitor said to them, which no state matched.
 */
export function runsIn(events: readonly Event[]): Told["runs"] {
  const runs: { input?: RecordedInput; sent: Sent[] }[] = [];
  const asked = new Map<string, string>();
  let run: { input?: RecordedInput; sent: Sent[] } = { sent: [] };
  for (const event of events) {
    if (event.kind === "turn") {
      const { over } = event;
      const asking = over && asked.get(`t:${over.handOffId}`);
      if (over) run.input = { kind: "outcome", ...over, ...(asking !== undefined && { asked: asking }) };
      const said = event.of.startsWith("o.") && !over;
      const ofFlow = said ? false : run.input?.kind !== "answer" || event.state !== undefined;
      if (event.refused === undefined && ofFlow && (run.input || run.sent.length > 0)) runs.push(run);
      run = { sent: [] };
      continue;
    }
    const message = event.message as unknown as Message;
    if (message.kind === "ChoiceResponse" || message.kind === "UserText") {
      const by = asked.get(message.kind === "UserText" ? `t:${message.sessionId}` : `q:${message.groupId}`);
      run.input = { kind: "answer", message, ...(by !== undefined && { asked: by }) };
    } else if (message.kind !== "ResetSession" && event.state !== undefined) {
      if (message.kind === "ChoiceRequest") asked.set(`q:${message.groupId}`, event.state);
      if (message.kind === "StartChatSession") asked.set(`t:${message.sessionId}`, event.state);
      run.sent.push({ state: event.state, message });
    }
  }
  return runs;
}

/** What is open after a message (SPEC F3, F5). */
function opened(open: { id: string; state: string }[], message: Message, state: string | undefined) {
  const without = (id: string) => open.filter((one) => one.id !== id);
  switch (message.kind) {
    case "ChoiceRequest":
      return [...without(`q:${message.groupId}`), { id: `q:${message.groupId}`, state: state ?? "" }];
    case "StartChatSession":
      return [...without(`t:${message.sessionId}`), { id: `t:${message.sessionId}`, state: state ?? "" }];
    case "EndChatSession":
      return without(`t:${message.sessionId}`);
    case "ChoiceResponse":
      return open.filter(({ id }) => id.startsWith("t:"));
    default:
      return open;
  }
}
