import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compile, type Program } from "../flow/compile.js";
import { OPERATOR_CHAT } from "../flow/naming.js";
import type { ActRecord, LogRecord } from "../record.js";
import { buildFlow } from "../testing/build-flow.js";
import { flowsWithoutErrors } from "../testing/damage.js";
import { plans, plansOfPeople } from "../testing/plan.js";
import { actsOfPeople, actsOfPeopleAndClocks, visit } from "../testing/visit.js";
import { voids, withVoids } from "../testing/voids.js";
import { Conversation, conversation } from "./conversation.js";
import { replay, runRecords } from "./replay.js";
import { openHandOff, sessionJson } from "./state.js";
import { wordsOf } from "./words.js";

const versionsOf = (plan: typeof plans) => {
  const flows = fc.oneof(plan.map(buildFlow), flowsWithoutErrors([], plan));
  return fc.tuple(flows, flows).map((two) => two.map(compile));
};
const worlds = [
  ["that people take over", versionsOf(plans), actsOfPeople],
  ["that hands over to people", versionsOf(plansOfPeople), actsOfPeopleAndClocks],
] as const;
const programsOf = (versions: readonly Program[]) => (beginning: { version: number }) =>
  versions[beginning.version - 1];
const options = (numRuns: number) => ({ numRuns, seed: 20263 });
const timestamp = "2026-01-02T00:00:00.000Z";

/** The log after a workflow has appended what it owes. */
function finished(records: readonly LogRecord[], programs: ReturnType<typeof programsOf>): LogRecord[] {
  const { owed, conversation } = replay(records, programs);
  return [...records, ...owed.flatMap((run) => runRecords(run, { timestamp, fence: conversation.fence }))];
}

/** What everybody sees of who has the conversation is what its state says. */
function agree(all: ReturnType<typeof replay>): ReturnType<typeof replay> {
  const { session } = all.replay;
  const { seq, act, taken, handOff, holder } = all.conversation;
  expect([seq, act, taken]).toEqual([session.seq, session.act, session.taken]);
  const open = openHandOff(session);
  expect([handOff?.id, handOff?.seq]).toEqual([open?.message.sessionId, open?.seq]);
  if (handOff) expect(handOff.since === undefined).toBe(taken);
  expect(holder !== undefined).toBe(taken || (holder !== undefined && handOff !== undefined));
  return all;
}

/** An act under the one that is in force at the end of the log. */
const act = (records: readonly LogRecord[], message: object, id: string): ActRecord => {
  const { after } = conversation(records);
  const { v, sid } = records[0]!;
  const named = after.act === undefined ? {} : { after: after.act };
  return { v, sid, id, timestamp, payload: { kind: "Control", message: { ...message, ...named } as never }, by: "eve" };
};

describe.each(worlds)("[L8, P16] a conversation %s", (_, versions, acts) => {
  it("gives by replay the state that it had live, owes nothing, and numbers messages as its state does", () => {
    fc.assert(
      fc.property(versions, acts, (versions, acts) => {
        const live = visit(versions, acts);
        const again = replay(live.records, programsOf(versions));
        expect(sessionJson(again.replay.session)).toEqual(sessionJson(live.session));
        expect(again.owed).toEqual([]);
        expect(again.conversation.seq).toBe(live.session.seq);
        expect(again.conversation.act).toBe(live.session.act);
        expect(again.conversation.taken).toBe(live.session.taken);
        agree(again);
      }),
      options(400),
    );
  });

  it("is the same for every reader, whatever void or repeated records stand between", () => {
    fc.assert(
      fc.property(versions, acts, voids, (versions, acts, voids) => {
        const { records } = visit(versions, acts);
        const { events, after } = conversation(withVoids(records, voids));
        expect(events).toEqual(conversation(records).events);
        expect(after.fence).toBe(conversation(records).after.fence);
      }),
      options(300),
    );
  });

  it("cut off anywhere, is finished by the next workflow: nothing is owed after, and both number alike", () => {
    fc.assert(
      fc.property(versions, acts, fc.nat(), (versions, acts, where) => {
        const { records } = visit(versions, acts);
        const all = finished(records.slice(0, 1 + (where % records.length)), programsOf(versions));
        const again = replay(all, programsOf(versions));
        expect(again.owed).toEqual([]);
        agree(again);
      }),
      options(300),
    );
  });

  it("is seen by everybody as its state says, whatever two acts cut a run wherever", () => {
    const came: Record<string, number> = {};
    const some = fc.constantFrom<object>(
      { kind: "Takeover", name: "Eve" },
      { kind: "Assign", queue: "Sales" },
      { kind: "Assign", to: "bob", name: "Bob" },
      ...[{ kind: "GiveBack" }, { kind: "Resend" }, { kind: "End" }, { kind: "Move", state: "hello" }],
    );
    const places = fc.tuple(fc.nat(), fc.nat({ max: 3 }), fc.nat({ max: 3 }));
    fc.assert(
      fc.property(versions, acts, places, some, some, (versions, acts, [where, n, m], one, other) => {
        const programs = programsOf(versions);
        let log: readonly LogRecord[] = visit(versions, acts).records;
        log = log.slice(0, 1 + (where % log.length));
        for (const [message, standing, id] of [[one, n, "o.one"] as const, [other, m, "o.other"] as const]) {
          const { owed, conversation } = replay(log, programs);
          const late = owed.flatMap((run) => runRecords(run, { timestamp, fence: conversation.fence }));
          const cut = [...log, ...late.slice(0, standing)];
          log = [...cut, act(cut, message, id), ...late.slice(standing)];
        }
        const all = agree(replay(finished(log, programs), programs));
        expect(all.owed).toEqual([]);
        for (const [id, { kind }] of Object.entries({ "o.one": one, "o.other": other }) as [
          string,
          { kind: string },
        ][]) {
          const key = `${kind} ${all.conversation.refused.get(id) ?? "counts"}`;
          came[key] = (came[key] ?? 0) + 1;
        }
      }),
      options(600),
    );
    for (const kind of ["Takeover", "Assign", "GiveBack", "Resend", "End", "Move"])
      expect(came[`${kind} counts`], JSON.stringify(came)).toBeGreaterThan(20);
  });

  it("is silent from the takeover on wherever that cuts it, and asks what is open when it is given back", () => {
    const came = { cut: 0, anew: 0, asked: 0, late: 0 };
    fc.assert(
      fc.property(versions, acts, fc.nat(), fc.nat({ max: 3 }), (versions, acts, where, n) => {
        const programs = programsOf(versions);
        const { records } = visit(versions, acts);
        const cut = records.slice(0, 1 + (where % records.length));
        const before = replay(cut, programs);
        // What a workflow had under way when the takeover came lands behind it.
        const late = before.owed.flatMap((run) => runRecords(run, { timestamp, fence: before.conversation.fence }));
        const standing = late.slice(0, n);
        const taken = [...cut, ...standing];
        taken.push(act(taken, { kind: "Takeover", name: "Eve" }, "o.eve"), ...late.slice(n));
        came.late += late.length > n ? 1 : 0;
        came.cut += standing.length > 0 && late.length > n ? 1 : 0;

        const silent = finished(taken, programs);
        const reader = new Conversation();
        let said = 0;
        for (const [i, record] of silent.entries()) {
          for (const event of reader.push(record)) {
            if (i < cut.length + standing.length || event.kind === "turn") continue;
            expect(event.state, JSON.stringify(event)).toBeUndefined();
            said += 1;
          }
        }
        came.anew += before.owed.length > 0 && said > 0 ? 1 : 0;
        const person = replay(silent, programs);
        expect(person.owed).toEqual([]);
        agree(person);
        expect(person.replay.session).toMatchObject({ seq: person.conversation.seq, taken: true, ended: false });

        const back = finished([...silent, act(silent, { kind: "GiveBack" }, "o.back")], programs);
        const { replay: after, conversation: told } = agree(replay(back, programs));
        expect(after.session).toMatchObject({ seq: told.seq, taken: false });
        const { events } = conversation(back);
        expect(after.session.chats.has(OPERATOR_CHAT)).toBe(false);
        for (const { seq, message, state } of [...after.session.questions.values(), ...after.session.chats.values()]) {
          expect(events.find((event) => event.kind === "message" && event.seq === seq)).toMatchObject({
            message,
            state,
          });
          came.asked += 1;
        }
      }),
      options(400),
    );
    for (const [what, times] of Object.entries(came))
      expect(times, `${what} of ${JSON.stringify(came)}`).toBeGreaterThan(20);
  });
});

describe("[H1] the picture of a person", () => {
  const program = () => compile(asking("old"));
  const picture = `${"0f".repeat(32)}.png`;
  const other = `${"ab".repeat(32)}.webp`;
  const shown = (...acts: readonly object[]) => {
    let log: readonly LogRecord[] = visit([program()], []).records;
    acts.forEach((message, n) => {
      log = finished([...log, act(log, message, `o.${n}`)], program);
    });
    return conversation(log).events.flatMap((event) =>
      event.kind === "message" && event.by !== undefined ? [[event.name, event.picture]] : [],
    );
  };

  it("is beside his name, with what he opens and what is closed for him", () => {
    const bob = { kind: "Assign", to: "bob", name: "Bob", picture: other };
    const back = { kind: "GiveBack" };
    expect(shown({ kind: "Takeover", name: "Ada", picture }, back)).toEqual([
      ["Ada", picture],
      ["Ada", picture],
    ]);
    expect(shown({ kind: "Takeover", name: "Ada", picture }, bob, back)).toEqual([
      ["Ada", picture],
      ["Bob", other],
    ]);
    expect(shown({ kind: "Takeover", name: "Ada", picture }, { ...bob, picture: undefined }, back).at(-1)).toEqual([
      "Bob",
      undefined,
    ]);
  });

  it.each([
    undefined,
    null,
    1,
    "",
    picture.slice(1),
    `${picture}\n`,
    `../${picture}`,
    `${"0F".repeat(32)}.png`,
    `${"0f".repeat(32)}.svg`,
    `https://evil.example/${picture}`,
  ])("is none where the record has %j", (wrong) => {
    expect(shown({ kind: "Takeover", name: "Ada", picture: wrong })).toEqual([["Ada", undefined]]);
  });
});

describe("[L8, P16] a conversation that people take over", () => {
  it("leaves an act void that did not count where it stood, though it names one that comes behind it", () => {
    const { records } = visit([compile(asking("old"))], []);
    const early: ActRecord = { ...act(records, { kind: "Takeover", name: "Eve" }, "o.early") };
    const forged = { ...early, payload: { kind: "Control", message: { kind: "Takeover", after: "o.1", name: "Eve" } } };
    const taken = [...records, forged as ActRecord, act(records, { kind: "Takeover", name: "Ada" }, "o.1")];
    const all = finished(taken, () => compile(asking("old")));
    const { conversation: after, replay: state } = replay(all, () => compile(asking("old")));
    expect(after).toMatchObject({ act: "o.1", fence: 1, holder: { name: "Ada" } });
    expect(after.refused.get("o.early")).toBe("stale");
    expect(state.session.act).toBe("o.1");
  });

  it("goes on with the version it had when a takeover came before a start over on a newer one", () => {
    const two = [compile(asking("old")), compile(asking("new"))];
    const programs = programsOf(two);
    const { records } = visit(two, []);
    const { v, sid } = records[0]!;
    const from = { v, sid, timestamp, by: "visitor" };
    const reset: LogRecord = {
      ...from,
      id: "c.over",
      payload: { kind: "Response", message: { kind: "ResetSession" } },
      ...{ flow: "generated", version: 2, step: 1 },
    };
    const cut = [...records, reset];
    const silent = finished([...cut, act(cut, { kind: "Takeover", name: "Ada" }, "o.1")], programs);
    const back = finished([...silent, act(silent, { kind: "GiveBack" }, "o.2")], programs);
    const answer: LogRecord = {
      ...from,
      id: "c.go",
      payload: { kind: "Response", message: { kind: "ChoiceResponse", groupId: "q", itemId: "go" } },
    };
    const { events, after } = conversation(finished([...back, answer], programs));
    expect(after.refused.get("c.over")).toBe("paused");
    const said = events.flatMap((event) => (event.kind === "message" ? [wordsOf(event.message)] : []));
    expect(said).toEqual(["old?", "", "", "old?", "go", "old"]);
  });
});

/** A question with one answer, and what follows it. */
const asking = (words: string) => ({
  ask: {
    sendRequest: {
      kind: "ChoiceRequest",
      groupId: "q",
      question: `${words}?`,
      choices: [{ itemId: "go", content: "go" }],
    },
  },
  go: { matchResponse: { kind: "ChoiceResponse", groupId: "q", itemId: "go" }, next: "say" },
  say: { sendRequest: { kind: "BotText", content: words } },
});
