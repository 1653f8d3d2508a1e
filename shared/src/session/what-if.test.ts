import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compile } from "../flow/compile.js";
import { findRenames } from "../flow/find-renames.js";
import type { FlowJson } from "../flow/json.js";
import type { Rename } from "../flow/rename.js";
import type { FlowState } from "../flow/schema.js";
import type { AnswerMessage } from "../message.js";
import { buildFlow } from "../testing/build-flow.js";
import { EDITS, type Flow } from "../testing/edit-flow.js";
import { plans, plansOfPeople } from "../testing/plan.js";
import { acts, actsAndClocks, visit } from "../testing/visit.js";
import { type Expected, expectedWhatIf } from "../testing/what-if-oracle.js";
import { type Recording, recordings } from "./recording.js";
import { rerun } from "./rerun.js";
import { whatIf } from "./what-if.js";

const renamesOf = (flow: Flow, draft: Flow): Rename[] =>
  findRenames(flow as unknown as FlowJson, draft as unknown as FlowJson);

describe("what would have happened", () => {
  it.each([
    ["", plans, acts, 6_000, 10_000],
    [" of hand-offs", plansOfPeople, actsAndClocks, 3_000, 4_500],
  ] as const)(
    "agrees with the second interpreter on thousands of generated conversations%s",
    (_, plans, acts, numRuns, least) => {
      const came = { same: 0, differs: 0, "dead-end": 0 };
      let conversations = 0;
      fc.assert(
        fc.property(plans, acts, fc.nat({ max: EDITS.length - 1 }), fc.nat(), (plan, acts, edit, pick) => {
          const flow = buildFlow(plan);
          const draft = EDITS[edit]!(flow, pick);
          const renames = renamesOf(flow, draft);
          const program = compile(draft);
          for (const recording of recordings(visit([compile(flow)], acts).records)) {
            const { what } = whatIf(recording, program, renames);
            const { outcome, state } = expectedWhatIf(recording, draft, renames);
            expect(what).toMatchObject(state === undefined ? { outcome } : { outcome, state });
            came[what.outcome] += 1;
            conversations += 1;
          }
        }),
        { numRuns, seed: 20266 },
      );
      expect(conversations).toBeGreaterThanOrEqual(least);
      for (const [outcome, count] of Object.entries(came)) expect(count, outcome).toBeGreaterThanOrEqual(100);
    },
  );

  it("a run that comes to something broken is stuck where it could not go on", () => {
    const say = (content: string, next?: string): FlowState => ({
      sendRequest: { kind: "BotText", content },
      ...(next !== undefined && { next }),
    });
    const recording = recorded({ a: say("A", "b"), b: say("B") }, []);
    const broken = compile({ a: say("A", "b"), b: say("B", "gone") });
    expect(whatIf(recording, broken).what).toEqual({ outcome: "dead-end", state: "b", why: "failed" });
  });

  it("the cases that are also played over a socket are told by both as they say", () => {
    const file = new URL("../../../flows/what-if/cases.json", import.meta.url);
    const { cases } = JSON.parse(readFileSync(file, "utf8")) as { cases: Case[] };
    expect(cases).toHaveLength(20);
    for (const { flow, draft, inputs, expected } of cases) {
      const recording = recorded(flow, inputs);
      const renames = renamesOf(flow, draft);
      expect(expectedWhatIf(recording, draft, renames)).toEqual(expected);
      expect(whatIf(recording, compile(draft), renames).what).toMatchObject(expected);
    }
  });
});

type Case = {
  readonly flow: Flow;
  readonly draft: Flow;
  readonly inputs: readonly { readonly message: AnswerMessage; readonly asked: string }[];
  readonly expected: Expected;
};

/** What a conversation with these answers is recorded as. */
function recorded(flow: Flow, inputs: Case["inputs"]): Recording {
  const { runs, parted } = rerun(compile(flow), { inputs: inputs.map((input) => ({ kind: "answer", ...input })) });
  expect(parted).toBeUndefined();
  return {
    beginning: { flow: "f", version: 1, step: 1 },
    variables: {},
    runs: runs.map(({ session, ...run }) => ({ ...run, id: "", at: "", seq: 0, ended: session.ended })) as never,
  };
}
