import fc from "fast-check";
import type { Program } from "../flow/compile.js";
import type { RequestMessage } from "../message.js";
import {
  type ActMessage,
  actOf,
  clientId,
  FIRST_ID,
  type InputRecord,
  isInput,
  type LogRecord,
  operatorId,
  RECORD_VERSION,
} from "../record.js";
import { eventOf, runRecords } from "../session/replay.js";
import {
  actCounts,
  type Effect,
  NEW_SESSION,
  type Session,
  type SessionEvent,
  type TurnEffect,
} from "../session/state.js";
import { step } from "../session/step.js";
import { EXPECTED, from, IDS, SPELLINGS, VALUES } from "./words.js";

/** What a visitor, the page around him, or a person does next. Numbers pick; `re` is the answer's reference (F6). */
export type Act = {
  readonly does:
    | "answer"
    | "answer the last"
    | "junk"
    | "reset"
    | "page"
    | "say again"
    | "person"
    | "clock"
    | "wrong clock";
  readonly pick: number;
  readonly what: number;
  readonly re: "none" | "right" | "wrong";
  /** The workflow lags: this input waits, with its run, for the next that does not. */
  readonly waits: boolean;
};

const visits = (people: boolean, clocks = false): fc.Arbitrary<Act[]> =>
  fc.array(
    fc.record({
      does: fc.oneof(
        { weight: 6, arbitrary: fc.constant("answer the last" as const) },
        { weight: 3, arbitrary: fc.constant("answer" as const) },
        {
          weight: 1,
          arbitrary: fc.constantFrom("junk" as const, "reset" as const, "page" as const, "say again" as const),
        },
        ...(people ? [{ weight: 5, arbitrary: fc.constant("person" as const) }] : []),
        ...(clocks ? [{ weight: 4, arbitrary: fc.constant("clock" as const) }] : []),
        // Says that nobody has come in time, where no time was set: nothing may follow it.
        ...(people && clocks ? [{ weight: 1, arbitrary: fc.constant("wrong clock" as const) }] : []),
      ),
      pick: fc.nat({ max: 9_999 }),
      what: fc.nat({ max: 9_999 }),
      re: fc.oneof(
        { weight: 4, arbitrary: fc.constantFrom("none" as const, "right" as const) },
        { weight: 1, arbitrary: fc.constant("wrong" as const) },
      ),
      waits: fc.nat({ max: 9 }).map((n) => n > (people ? 5 : 8)),
    }),
    { maxLength: people ? 24 : 14, size: "max" },
  );
export const acts: fc.Arbitrary<Act[]> = visits(false);
/** With people who take the conversation over, talk, and give it back. */
export const actsOfPeople: fc.Arbitrary<Act[]> = visits(true);
/** With hand-offs that end, and nobody who does anything else. */
export const actsAndClocks: fc.Arbitrary<Act[]> = visits(false, true);
/** The same, and hand-offs for which nobody is there or nobody comes. */
export const actsOfPeopleAndClocks: fc.Arbitrary<Act[]> = visits(true, true);

/** A run as it happened: the input's event, the effects and the state after them. */
export type Run = {
  readonly event: SessionEvent;
  readonly effects: readonly Effect[];
  readonly session: Session;
  /** A person took the conversation before anything of the run was said: it only ends. */
  readonly silent: boolean;
};
export type Visit = {
  readonly records: readonly LogRecord[];
  readonly runs: readonly Run[];
  readonly session: Session;
};

const sid = "f".repeat(40);

/**
 * Plays acts against the versions of a flow (the first begins, a start over takes the next) as proxy and workflow do:
 * inputs to the log first, then their runs. Whatever the acts, every input is well formed, as a proxy lets it pass.
 */
export function visit(versions: readonly Program[], acts: readonly Act[]): Visit {
  const records: LogRecord[] = [];
  const runs: Run[] = [];
  const asked: { seq: number; message: RequestMessage }[] = [];
  let waiting: Waiting[] = [];
  /** L8, as the log has it: the last act that counted, how many did, and whether a person has the conversation. */
  let last: string | undefined;
  let fence = 0;
  let held = false;
  /** The hand-off that everybody sees open. */
  let waits: { id: string; seq: number; timed: boolean } | undefined;
  let session: Session = NEW_SESSION;
  let program = versions[0]!;
  let resets = 0;

  const timestamp = () => new Date(Date.UTC(2026, 0, 1) + records.length * 1000).toISOString();
  const common = (id: string) => ({ v: RECORD_VERSION, sid, id, timestamp: timestamp() });
  const beginning = (version: number) => ({ flow: "generated", version: version + 1, step: versions[version]!.step });
  const append = (input: InputRecord) => {
    records.push(input);
    const act = actOf(input);
    const counts = act && actCounts({ act: last, taken: held, handOff: waits }, act);
    if (!counts) {
      waiting.push({ input, happens: input.payload === undefined, ends: false });
      return;
    }
    last = input.id;
    fence += 1;
    held = act.kind === "Takeover" || (act.kind === "Assign" && (act.to !== undefined || (held && !waits)));
    if (act.kind !== "Takeover" && act.kind !== "Assign") waits = undefined;
    // What has no run yet is judged anew behind the act, but for what has happened.
    const ends = waiting.filter((one) => one.happens).map((one) => ({ ...one, ends: true }));
    waiting = [...ends, { input, happens: true, ends: false }, ...waiting.filter((one) => !one.happens)];
  };
  const work = () => {
    for (const { input, ends } of waiting) {
      const event = eventOf(input);
      if ("version" in input && !(event.kind === "reset" && session.taken)) {
        program = versions[(input.version ?? 1) - 1]!;
      }
      const before = session.seq + (event.kind === "answer" || event.kind === "reset" ? 1 : 0);
      const [stepped, all] = step(program, session, event);
      const effects = ends ? [endOf(all)] : all;
      const after = ends ? { ...stepped, seq: session.seq } : stepped;
      const sent = effects.flatMap((effect) => (effect.kind === "send" ? [effect.message] : []));
      const refused = effects.some((effect) => effect.kind === "turn" && effect.refused !== undefined);
      if (event.kind === "reset" && !refused) waits = undefined;
      sent.forEach((message, i) => {
        if (message.kind === "StartChatSession" && message.handOff)
          waits = {
            id: message.sessionId,
            seq: before + i + 1,
            timed: message.handOff.timeout !== undefined,
          };
        else if (message.kind === "EndChatSession" && message.sessionId === waits?.id) waits = undefined;
        if (message.kind === "ChoiceRequest" || message.kind === "StartChatSession")
          asked.push({ seq: before + i + 1, message });
      });
      session = after;
      runs.push({ event, effects, session, silent: ends });
      records.push(...runRecords({ input, effects, from: 0 }, { timestamp: timestamp(), fence }));
    }
    waiting = [];
  };

  append({ ...common(FIRST_ID), ...beginning(0), grant: "hash" });
  if (!acts[0]?.waits || acts[0].does !== "person") work();
  acts.forEach((act, n) => {
    const id = clientId(String(n));
    const response = (message: object, more: object = {}) =>
      append({ ...common(id), payload: { kind: "Response", message }, by: "visitor", ...more } as InputRecord);
    if (act.does === "person") {
      const states = [...program.states.keys()];
      append(ofPerson(act, { ...common(operatorId(String(n))), by: "ada" }, last, { held, waits: !!waits }, states));
    } else if (act.does === "clock" && waits && act.what % 4 === 3) {
      // Somebody comes, and is done.
      const take = common(operatorId(`${n}a`));
      const after = last === undefined ? {} : { after: last };
      append({
        ...take,
        by: "ada",
        payload: { kind: "Control", message: { kind: "Takeover", name: "Ada", ...after } },
      });
      const done = { kind: "GiveBack", after: take.id } as const;
      append({ ...common(operatorId(`${n}b`)), by: "ada", payload: { kind: "Control", message: done } });
    } else if (act.does === "clock" || act.does === "wrong clock") append(ofClock(act, common(`t.${n}`), last, waits));
    // A visitor whose conversation has ended mostly starts over.
    else if (act.does === "reset" || (session.ended && act.pick % 3 > 0)) {
      resets += 1;
      response({ kind: "ResetSession" }, beginning(resets % versions.length));
    } else if (act.does === "page") {
      const values = { [from(["visitor", "page", "q", "s"], act.pick)]: from(VALUES, act.what) };
      append({ ...common(id), payload: { kind: "Control", message: { kind: "SetVariables", values } }, by: "page" });
    } else if (act.does === "say again") {
      // An id that is taken, with another text: whoever reads takes the first.
      const taken = records.filter((record) => isInput(record));
      records.push({
        ...common(from(taken, act.pick).id),
        payload: { kind: "Response", message: { kind: "UserText", sessionId: "s", content: "again" } },
        by: "visitor",
      });
    } else {
      const to =
        act.does === "answer the last" ? asked.at(act.pick % 6 ? -1 : -2) : from([...asked, undefined], act.pick);
      const re = to && act.re !== "none" ? { re: to.seq + (act.re === "wrong" ? 1 : 0) } : {};
      response(act.does === "junk" || !to ? junk(act) : answerTo(to.message, act.what), re);
    }
    if (!act.waits) work();
  });
  work();
  return { records, runs, session };
}

type Waiting = { readonly input: InputRecord; readonly happens: boolean; readonly ends: boolean };

/** Of a run that says nothing, its end. */
function endOf(effects: readonly Effect[]): Effect {
  const { ended: _, ...end } = effects.at(-1) as TurnEffect;
  return end;
}

/** What a person does: mostly what is his turn, now and then under an act that is not the last any more. */
function ofPerson(
  { pick, what }: Act,
  common: { v: number; sid: string; id: string; timestamp: string; by: string },
  last: string | undefined,
  { held, waits }: { readonly held: boolean; readonly waits: boolean },
  states: readonly string[],
): InputRecord {
  const act = pick % 7 === 0 ? "o.none" : last;
  const after = act === undefined ? {} : { after: act };
  const control = (message: ActMessage): InputRecord => ({ ...common, payload: { kind: "Control", message } });
  if (what % 11 === 0) return control({ kind: "Resend", ...after });
  if (what % 11 === 1) return control({ kind: "End", ...after });
  if (what % 11 === 2) return control({ kind: "Move", state: from(["nowhere", ...states], pick), ...after });
  if (waits && what % 3 === 1) return control({ kind: "Assign", ...after, queue: "Sales" });
  if (waits && what % 7 === 5) return control({ kind: "Assign", ...after, to: "bob", name: "Bob" });
  if (what % 5 === 0 || !held) return control({ kind: "Takeover", name: "Ada", ...after });
  if (what % 5 === 1) return control({ kind: "GiveBack", after: act ?? "" });
  if (what % 5 === 2) return control({ kind: "Assign", after: act ?? "", to: "bob", name: "Bob" });
  const message = { kind: "BotText", content: from(VALUES, what) } as const;
  return { ...common, payload: { kind: "Request", message }, act: act ?? "" };
}

/** What ends the wait of a hand-off: mostly of the one that is open. */
function ofClock(
  { does, pick, what, re }: Act,
  common: { v: number; sid: string; id: string; timestamp: string },
  last: string | undefined,
  waits: { readonly id: string; readonly seq: number; readonly timed: boolean } | undefined,
): InputRecord {
  const kind = does === "wrong clock" || (pick % 2 && waits?.timed !== false) ? "Due" : "Unavailable";
  const act = what % 9 === 0 ? "o.none" : last;
  const message = {
    kind,
    handOffId: waits && what % 9 !== 1 ? waits.id : from(IDS, what),
    re: (waits?.seq ?? what % 20) + (re === "wrong" ? 1 : 0),
    ...(act !== undefined && { after: act }),
  } as const;
  return { ...common, payload: { kind: "Control", message }, by: kind === "Due" ? "clock" : "studio" };
}

/** An answer that fits the question, mostly. */
function answerTo(message: RequestMessage, what: number): object {
  if (message.kind === "ChoiceRequest") {
    const itemId = what % 13 === 12 ? "yes" : from(message.choices, what).itemId;
    return { kind: "ChoiceResponse", groupId: message.groupId, itemId };
  }
  if (message.kind !== "StartChatSession") return junk({ pick: what, what });
  return {
    kind: "UserText",
    sessionId: message.sessionId,
    content: from([...EXPECTED, ...SPELLINGS, ...VALUES], what),
  };
}

function junk({ pick, what }: { pick: number; what: number }): object {
  if (pick % 2) return { kind: "UserText", sessionId: from(IDS, pick), content: from(VALUES, what) };
  return { kind: "ChoiceResponse", groupId: from(IDS, pick), itemId: from(["yes", "no", "", "__proto__"], what) };
}
