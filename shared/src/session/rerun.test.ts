import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compile } from "../flow/compile.js";
import type { Rename } from "../flow/rename.js";
import type { FlowState } from "../flow/schema.js";
import { OUTCOMES } from "../message.js";
import { buildFlow } from "../testing/build-flow.js";
import { damagedFlows, flowsWithoutErrors } from "../testing/damage.js";
import { hostilePlans, plans, plansOfPeople } from "../testing/plan.js";
import { choice, flowFile, text } from "../testing/play.js";
import { acts, actsAndClocks, visit } from "../testing/visit.js";
import { type RecordedInput, recordings } from "./recording.js";
import { difference, rerun } from "./rerun.js";
import { sessionJson } from "./state.js";

const flows = fc.oneof(fc.oneof(plans, hostilePlans).map(buildFlow), flowsWithoutErrors());
const worlds = [
  ["", flows, acts],
  [" with hand-offs", plansOfPeople.map(buildFlow), actsAndClocks],
] as const;
const options = (numRuns: number) => ({ numRuns, seed: 20265 });
const given = (recording: ReturnType<typeof recordings>[number]) => ({
  inputs: recording.runs.flatMap(({ input }) => input ?? []),
  variables: recording.variables,
  ended: recording.runs.at(-1)!.ended,
});

describe.each(worlds)("a recorded conversation%s put in again", (world, flows, acts) => {
  it("[P7] on the same flow: is the same, with everything taken", () => {
    let inputs = 0;
    const came = new Set<string>();
    fc.assert(
      fc.property(flows, flows, acts, (one, other, acts) => {
        const versions = [compile(one), compile(other)];
        const visited = visit(versions, acts);
        const all = recordings(visited.records);
        for (const recording of all) {
          const again = rerun(versions[recording.beginning.version - 1]!, given(recording));
          expect(again.parted).toBeUndefined();
          expect(again.taken).toBe(recording.runs.length - 1);
          expect(difference(recording.runs, again.runs)).toBeUndefined();
          expect(again.runs.map(({ matched }) => matched)).toEqual(recording.runs.map(({ matched }) => matched));
          inputs += again.taken;
          for (const { input } of recording.runs) if (input?.kind === "outcome") came.add(input.outcome);
        }
        // Without a start over also the numbers are the same.
        const last = rerun(versions[0]!, given(all.at(-1)!));
        if (all.length === 1 && world === "") expect(sessionJson(last.session)).toEqual(sessionJson(visited.session));
        expect(all.length).toBe(1 + visited.runs.filter(({ event }) => event.kind === "reset").length);
      }),
      options(200),
    );
    expect(inputs).toBeGreaterThan(300);
    expect([...came].sort()).toEqual(world === "" ? [] : [...OUTCOMES].sort());
  });

  it("where every name and id is another: is the same, with the renames", () => {
    let renamed = 0;
    fc.assert(
      fc.property(flows, acts, (flow, acts) => {
        const { flow: other, renames } = renameAll(flow);
        for (const recording of recordings(visit([compile(flow)], acts).records)) {
          const again = rerun(compile(other), given(recording), { renames });
          expect(again.parted).toBeUndefined();
          const states = new Map(renames.flatMap((one) => (one.kind === "renameState" ? [[one.from, one.to]] : [])));
          expect(again.runs.map(({ sent }) => sent.map(({ state }) => state))).toEqual(
            recording.runs.map(({ sent }) => sent.map(({ state }) => states.get(state))),
          );
          renamed += again.taken;
        }
      }),
      options(150),
    );
    expect(renamed).toBeGreaterThan(200);
  });

  it("on any other flow, broken or not: goes as far as it leads and never throws", () => {
    const whys = new Set<string>();
    fc.assert(
      fc.property(flows, damagedFlows, acts, fc.nat(), (flow, damaged, acts, pick) => {
        // The same with something taken away, or quite another.
        const names = Object.keys(flow);
        const gone = names[pick % names.length];
        const less = Object.fromEntries(Object.entries(flow).filter(([name]) => name !== gone));
        const program = compile(pick % 3 === 0 ? damaged.value : less);
        for (const recording of recordings(visit([compile(flow)], acts).records)) {
          const all = given(recording);
          const again = rerun(program, all);
          whys.add(again.parted?.why ?? "same");
          expect(again.runs.length).toBe(again.taken + 1);
          expect(again.parted !== undefined || again.taken === all.inputs.length).toBe(true);
          // What was taken, and no more, leads to the same place once more.
          const shorter = rerun(program, { ...all, inputs: all.inputs.slice(0, again.taken), ended: true });
          expect(sessionJson(shorter.session)).toEqual(sessionJson(again.session));
          for (const state of again.waiting) expect(program.states.has(state)).toBe(true);
        }
      }),
      options(300),
    );
    for (const why of ["state-gone", "dead-end", "failed", "same"]) expect([...whys]).toContain(why);
  });
});

/** A flow with other names for everything, and what was renamed. */
function renameAll(flow: Record<string, FlowState>): { flow: Record<string, unknown>; renames: Rename[] } {
  const renames: Rename[] = [];
  const ids = { groupId: new Map<string, string>(), sessionId: new Map<string, string>(), itemId: new Map() };
  const id = (field: "groupId" | "sessionId", value: unknown): string => {
    const known = ids[field];
    const from = String(value);
    if (!known.has(from)) {
      known.set(from, `${field} ${known.size}`);
      renames.push({ kind: field === "groupId" ? "renameGroup" : "renameChat", from, to: known.get(from)! });
    }
    return known.get(from)!;
  };
  const item = (group: string, value: unknown): string => {
    const key = `${group}\n${String(value)}`;
    if (!ids.itemId.has(key)) {
      ids.itemId.set(key, `item ${ids.itemId.size}`);
      renames.push({ kind: "renameItem", group, from: String(value), to: ids.itemId.get(key) });
    }
    return ids.itemId.get(key);
  };
  const part = (value: Record<string, unknown>): Record<string, unknown> => {
    const group = value.groupId === undefined ? undefined : id("groupId", value.groupId);
    return {
      ...value,
      ...(group !== undefined && { groupId: group }),
      ...(value.sessionId !== undefined && { sessionId: id("sessionId", value.sessionId) }),
      ...(value.handOffId !== undefined && { handOffId: id("sessionId", value.handOffId) }),
      ...(value.itemId !== undefined && { itemId: item(group!, value.itemId) }),
      ...(Array.isArray(value.choices) && {
        choices: value.choices.map((one) => ({ ...one, itemId: item(group!, one.itemId) })),
      }),
    };
  };
  const names = new Map(Object.keys(flow).map((name, i) => [name, name === "$schema" ? name : `state ${i}`]));
  for (const [from, to] of names) if (from !== to) renames.push({ kind: "renameState", from, to });
  const entries = Object.entries(flow).map(([name, state]): [string, unknown] => {
    if (name === "$schema") return [name, state];
    const { sendRequest, matchResponse, next } = state as unknown as Record<
      string,
      Record<string, unknown> | undefined
    >;
    const parts = {
      ...(sendRequest && { sendRequest: part(sendRequest) }),
      ...(matchResponse && { matchResponse: part(matchResponse) }),
      ...(next !== undefined && { next: names.get(String(next)) }),
    };
    return [names.get(name)!, parts];
  });
  return { flow: Object.fromEntries(entries), renames };
}

describe("bot-assistant answered with another language", () => {
  const flow = flowFile("bot-assistant") as Record<string, Record<string, Record<string, unknown>>>;
  const inputs: RecordedInput[] = [
    { kind: "answer", message: choice("lang", "other"), asked: "langChoices" },
    { kind: "answer", message: text("langPreference", "Zig"), asked: "startLangPrefSession" },
    { kind: "answer", message: choice("others", "no"), asked: "anyOtherChoices" },
  ];
  const names = Object.keys(flow);
  const asking = (group: string) =>
    names.find(
      (name) => flow[name]!.sendRequest?.kind === "ChoiceRequest" && flow[name]!.sendRequest!.groupId === group,
    )!;
  const [lang, others] = [asking("lang"), asking("others")];
  const matching = (item: string) => names.find((name) => flow[name]!.matchResponse?.itemId === item)!;
  const change = (change: (flow: Record<string, Record<string, unknown>>) => void) => {
    const copy = structuredClone(flow);
    change(copy);
    return rerun(compile(copy), { inputs, ended: true });
  };

  it("goes all the way", () => {
    const again = rerun(compile(flow), { inputs, ended: true });
    expect(again).toMatchObject({ taken: 3, waiting: [] });
    expect(again.parted).toBeUndefined();
    const part = rerun(compile(flow), { inputs: inputs.slice(0, 2) });
    expect(part.waiting).toEqual([others]);
  });

  it("begins where one says", () => {
    const program = compile(flow);
    const again = rerun(program, { inputs: [inputs[2]!], ended: true }, { start: others });
    expect(again.runs[0]!.sent.map(({ state }) => state)).toEqual([others]);
    expect(again.parted).toBeUndefined();
    expect(rerun(program, { inputs }, { start: "gone" }).parted).toEqual({
      why: "state-gone",
      input: 0,
      state: "gone",
    });
  });

  it("says that an answer is no longer offered, or leads nowhere", () => {
    const gone = change((flow) => {
      const choices = (flow[lang]!.sendRequest as { choices: { itemId: string }[] }).choices;
      choices.splice(
        choices.findIndex(({ itemId }) => itemId === "other"),
        1,
      );
    });
    expect(gone.parted).toMatchObject({ why: "answer-gone", input: 0 });
    expect(gone.waiting).toEqual([lang]);
    const open = change((flow) => void delete flow[matching("other")]);
    expect(open.parted).toMatchObject({ why: "leads-nowhere", input: 0 });
  });

  it("says that the text is not expected", () => {
    const parted = change((flow) => {
      for (const state of Object.values(flow)) {
        const match = state.matchResponse as { kind: string; content?: string } | undefined;
        if (match?.kind === "UserText") match.content = "Rust";
      }
    });
    expect(parted.parted).toMatchObject({ why: "text-unexpected", input: 1 });
  });

  it("says that what asked is gone, is no longer come by, or that the conversation ends before", () => {
    const cut = (flow: Record<string, Record<string, unknown>>) => void delete flow[matching("other")]!.next;
    expect(change(cut).parted).toMatchObject({ why: "dead-end", input: 1 });
    const ends = rerun(compile({ hi: { sendRequest: { kind: "BotText", content: "Hi" } } }), {
      inputs: [],
      ended: false,
    });
    expect(ends.parted).toEqual({ why: "dead-end", input: 0, state: "hi" });
    const again = rerun(compile(flow), { inputs: [{ ...inputs[2]!, asked: "away" } as RecordedInput] });
    expect(again.parted).toEqual({ why: "state-gone", input: 0, state: "away" });
    const early = rerun(compile(flow), { inputs: [{ ...inputs[2]!, asked: others } as RecordedInput] });
    expect(early.parted).toEqual({ why: "not-asked", input: 0, state: others });
  });

  it("says where a run came to something broken", () => {
    const broken = change((flow) => {
      flow[matching("other")]!.next = "nowhere";
    });
    expect(broken.parted).toEqual({ why: "failed", input: 1, state: matching("other") });
    expect(broken.runs.at(-1)!.failed).toEqual({ why: 'no state named "nowhere"', state: matching("other") });
  });

  it("[F9] finds the first message that is another", () => {
    const program = compile(flow);
    const records = rerun(program, { inputs }).runs.map((run, i) => ({
      ...run,
      id: `c.${i}`,
      at: "",
      ended: false,
    }));
    const copy = structuredClone(flow);
    copy[others]!.sendRequest!.question = "Anything more?";
    const now = rerun(compile(copy), { inputs });
    expect(difference(records as never, now.runs)).toEqual({ run: 2, state: others });
    expect(difference(records as never, now.runs.slice(0, 1))).toEqual({ run: 1 });
    expect(difference(records.slice(0, 2) as never, now.runs)).toEqual({ run: 2 });
  });
});
