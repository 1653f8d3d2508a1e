import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { check } from "../flow/check.js";
import { compile, type Program, type ProgramState } from "../flow/compile.js";
import type { FindingCode } from "../flow/finding.js";
import type { LogRecord } from "../record.js";
import { buildFlow, VARIABLES } from "../testing/build-flow.js";
import { flowsWithoutErrors } from "../testing/damage.js";
import { hostilePlans, plans } from "../testing/plan.js";
import { acts, visit } from "../testing/visit.js";
import { voids, withVoids } from "../testing/voids.js";
import { Conversation, conversation } from "./conversation.js";
import { replay, runRecords } from "./replay.js";
import { sessionJson } from "./state.js";

const flows = fc.oneof(fc.oneof(plans, hostilePlans).map(buildFlow), flowsWithoutErrors());
/** Two versions of a flow: a start over takes the other. */
const versions = fc.tuple(flows, flows).map((two) => two.map(compile));
const programsOf = (versions: readonly Program[]) => (beginning: { version: number }) =>
  versions[beginning.version - 1];
const options = (numRuns: number) => ({ numRuns, seed: 20262 });

describe("a flow without errors", () => {
  it("[F8, F9] never fails in step, whatever is answered: no throw, no failed turn, numbers without a gap", () => {
    fc.assert(
      fc.property(versions, acts, (versions, acts) => {
        let seq = 0;
        for (const { event, effects, session } of visit(versions, acts).runs) {
          const turn = effects.at(-1);
          expect(turn).toMatchObject({ kind: "turn" });
          expect(turn).not.toHaveProperty("failed");
          expect(effects.filter((effect) => effect.kind === "turn")).toHaveLength(1);
          const refused = turn?.kind === "turn" && turn.refused !== undefined;
          const own = !refused && (event.kind === "answer" || event.kind === "reset") ? 1 : 0;
          seq += own + effects.length - 1;
          expect(session.seq).toBe(seq);
          expect(session.ended).toBe(session.questions.size + session.chats.size === 0);
        }
      }),
      options(250),
    );
  });

  it("[F9, P7] gives the same conversation twice, and by replay from its records the same state", () => {
    fc.assert(
      fc.property(versions, acts, (versions, acts) => {
        const live = visit(versions, acts);
        expect(visit(versions, acts)).toEqual(live);
        const again = replay(throughJson(live.records), programsOf(versions));
        expect(sessionJson(again.replay.session)).toEqual(sessionJson(live.session));
        expect(again.owed).toEqual([]);
        expect(again.conversation.seq).toBe(live.session.seq);
      }),
      options(250),
    );
  });

  it("[P7, P8] replayed from a log that was cut anywhere, owes exactly the records that stood there", () => {
    fc.assert(
      fc.property(versions, acts, fc.nat(), (versions, acts, where) => {
        const { records } = visit(versions, acts);
        const cut = records.slice(0, 1 + (where % records.length));
        const there = new Set(cut.map((record) => record.id));
        const { owed } = replay(cut, programsOf(versions));
        for (const run of owed) {
          const { input } = run;
          const timestamp = records.find((record) => "of" in record && record.of === input.id)!.timestamp;
          const again = runRecords(run, { timestamp, fence: 0 });
          expect(again).toEqual(records.filter((record) => "of" in record && record.of === input.id));
          expect(there.has(again.at(-1)!.id)).toBe(false);
        }
        const inputs = cut.filter((record) => !("of" in record) && there.has(record.id)).map((record) => record.id);
        const ended = cut.flatMap((record) =>
          "of" in record && record.payload.message.kind === "Turn" ? [record.of] : [],
        );
        expect(new Set(owed.map(({ input }) => input.id))).toEqual(new Set(inputs.filter((id) => !ended.includes(id))));
      }),
      options(250),
    );
  });
});

describe("what check does not warn of", () => {
  const checked = fc.oneof(plans.map(buildFlow), flowsWithoutErrors(["broken markup"]));
  /** The states that findings of these codes name. */
  const found = (flow: unknown, ...codes: FindingCode[]) =>
    new Set(check(flow, { variables: VARIABLES }).flatMap((f) => (codes.includes(f.code) ? [f.state] : [])));

  it("does not happen in step: a state called unreachable, a text that nothing takes, a placeholder left empty", () => {
    const came = { unreachable: 0, refused: 0, empty: 0 };
    fc.assert(
      fc.property(checked, acts, (flow, acts) => {
        const program = compile(flow);
        const empty = new Set<string>();
        const { runs } = visit([noting(program, (state, id) => empty.add(`${state} ${id}`))], acts);
        const unreachable = found(flow, "unreachable");
        for (const { effects } of runs) {
          for (const { state } of effects) if (state !== undefined) expect(unreachable).not.toContain(state);
        }
        const refused = runs.some(({ effects }) => effects.some((e) => e.kind === "turn" && e.refused === "no-match"));
        if (refused) expect(found(flow, "no-other-text").size).toBeGreaterThan(0);
        const early = found(flow, "answer-not-yet", "unknown-answer");
        for (const [name, state] of Object.entries(flow)) {
          const text = JSON.stringify(state).replaceAll(/<a [^>]*>/g, "");
          const asked = [...text.matchAll(/\{\{([^{}|]+)\}\}/g)].map(
            ([, id]) => JSON.parse(`"${id}"`).trim() as string,
          );
          for (const id of asked) {
            if (!empty.has(`${name} ${id}`) || VARIABLES.includes(id)) continue;
            came.empty += 1;
            expect(early).toContain(name);
          }
        }
        came.unreachable += unreachable.size;
        came.refused += refused ? 1 : 0;
      }),
      options(400),
    );
    for (const [what, times] of Object.entries(came)) expect(times, what).toBeGreaterThan(10);
  });
});

describe("conversation(records)", () => {
  it("[L3, F6] shows each message once, numbered 1, 2, 3…, by the numbers that step answers to", () => {
    fc.assert(
      fc.property(versions, acts, (versions, acts) => {
        const { records, session } = visit(versions, acts);
        const { events, after } = conversation(records);
        const messages = events.filter((event) => event.kind === "message");
        expect(messages.map((message) => message.seq)).toEqual(messages.map((_, i) => i + 1));
        expect(new Set(messages.map((message) => message.id)).size).toBe(messages.length);
        for (const open of [...session.questions.values(), ...session.chats.values()]) {
          expect(messages[open.seq - 1]?.message).toEqual(open.message);
        }
        expect(after.lastTurn?.ended).toBe(session.ended);
        expect(after.unfinished).toEqual([]);
      }),
      options(250),
    );
  });

  it("[L3] is the same with repeats and void records between, and for replay too", () => {
    fc.assert(
      fc.property(versions, acts, voids, (versions, acts, voids) => {
        const { records, session } = visit(versions, acts);
        const mixed = withVoids(records, voids);
        const events = conversation(records).events;
        expect(conversation(mixed).events).toEqual(events);
        expect(conversation([...mixed, ...records, ...mixed]).events).toEqual(events);
        expect(sessionJson(replay(mixed, programsOf(versions)).replay.session)).toEqual(sessionJson(session));
      }),
      options(250),
    );
  });

  it("[L3, P4] only ever appends: what was shown keeps its number, whatever record comes", () => {
    fc.assert(
      fc.property(versions, acts, fc.array(fc.nat()), (versions, acts, order) => {
        const { records } = visit(versions, acts);
        // Any order at all: what two workflows, a late retry and a restored log could ever make of it.
        const shuffled = [...records, ...order.map((pick) => records[pick % records.length]!)];
        for (const [i, pick] of order.entries()) swap(shuffled, (i * 7) % shuffled.length, pick % shuffled.length);
        const reader = new Conversation();
        let shown: unknown[] = [];
        shuffled.forEach((record, i) => {
          shown = [...shown, ...reader.push(record)];
          if (i % 5 === 0) expect(conversation(shuffled.slice(0, i + 1)).events).toEqual(shown);
        });
        const seqs = conversation(shuffled).events.flatMap((event) => (event.kind === "message" ? [event.seq] : []));
        expect(seqs).toEqual(seqs.map((_, i) => i + 1));
      }),
      options(250),
    );
  });

  it("[L4] stops where a record is newer or of an unknown kind: what came before stands, nothing is skipped", () => {
    const unreadable = fc.oneof(
      fc.record({ v: fc.integer({ min: 2, max: 9 }) }),
      fc.record({
        payload: fc.record({
          kind: fc.oneof(fc.constantFrom("__proto__", "constructor", "toString", "Response", "Control"), fc.string()),
          message: fc.record({ kind: fc.oneof(fc.constantFrom("__proto__", "constructor", "Handover"), fc.string()) }),
        }),
      }),
    );
    fc.assert(
      fc.property(versions, acts, unreadable, fc.nat(), (versions, acts, strange, where) => {
        const { records } = visit(versions, acts);
        const at = where % records.length;
        const record = { ...records[at]!, id: "x.1", ...strange } as unknown as LogRecord;
        const { events, after } = conversation([...records.slice(0, at), record, ...records.slice(at)]);
        expect(after.stopped).toBe("v" in strange ? "newer-version" : "unknown-kind");
        expect(events).toEqual(conversation(records.slice(0, at)).events);
        const { replay: state, owed } = replay([...records.slice(0, at), record], programsOf(versions));
        expect([state.blocked, owed]).toEqual(["unreadable", []]);
      }),
      options(250),
    );
  });
});

/** The program, saying which state asks for a value that is not there. */
function noting(program: Program, missing: (state: string, id: string) => void): Program {
  const states = [...program.states].map(([name, { send, next }]): [string, ProgramState] => {
    if (!send) return [name, { next }];
    const asking: NonNullable<ProgramState["send"]> = (value) =>
      send((id) => {
        const found = value(id);
        if (found === undefined) missing(name, id);
        return found;
      });
    return [name, { send: asking, next }];
  });
  return { ...program, states: new Map(states) };
}

/** As the log gives records back. */
const throughJson = (records: readonly LogRecord[]): LogRecord[] =>
  records.map((record) => JSON.parse(JSON.stringify(record)));

function swap<T>(list: T[], a: number, b: number): void {
  [list[a], list[b]] = [list[b]!, list[a]!];
}
