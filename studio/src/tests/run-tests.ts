import { compile, type Program } from "@parley/shared/flow/compile";
import { answerStates } from "@parley/shared/scenario/coverage";
import { makeScenario } from "@parley/shared/scenario/make-scenario";
import { runScenario, type ScenarioResult } from "@parley/shared/scenario/run-scenario";
import type { Scenario } from "@parley/shared/scenario/scenario";
import { rerun } from "@parley/shared/session/rerun";
import type { FlowJson } from "../document/draft.js";
import type { StepGraph } from "../document/steps.js";
import type { KeptTest } from "./test-state.js";

export type Ran = { readonly test: KeptTest; readonly result: ScenarioResult | undefined };
export type Run = {
  readonly program: Program;
  readonly ran: readonly Ran[];
  readonly failed: number;
  /** The states that some test comes by. */
  readonly tested: ReadonlySet<string>;
};

/** Plays all tests on a flow: milliseconds each. */
export function runTests(flow: FlowJson, tests: readonly KeptTest[]): Run {
  const program = compile(flow);
  const ran = tests.map((test) => ({
    test,
    result: "scenario" in test ? runScenario(program, test.scenario) : undefined,
  }));
  return {
    program,
    ran,
    failed: ran.filter(({ result }) => result === undefined || result.failure !== undefined).length,
    tested: new Set(ran.flatMap(({ result }) => result?.path ?? [])),
  };
}

/** How much of a flow the tests come by, in steps and answers of the Steps view. */
export function coverageWords({ program, tested }: Run, graph: StepGraph): string {
  const steps = graph.steps.filter(({ kind }) => kind !== "answer");
  const some = steps.filter(({ id }) => tested.has(id)).length;
  const answers = answerStates(program);
  const given = answers.filter((state) => tested.has(state)).length;
  return `Tested: ${some} of ${count(steps.length, "step")}, ${given} of ${count(answers.length, "answer")}`;
}

/**
 * The test as it passes on this flow: the same answers, and what is said to them now; as far as they lead.
 */
export function takenOver(program: Program, scenario: Scenario): Scenario {
  const { title, start, variables, from, steps } = scenario;
  const given = start !== undefined && program.states.has(start) ? { start } : {};
  const bare = {
    ...given,
    ...(variables && { variables }),
    steps: steps.filter((one) => "say" in one || "outcome" in one),
  };
  const { inputs } = runScenario(program, bare);
  const { runs, session } = rerun(program, { inputs, ...(variables && { variables }) }, given);
  const more = { ...(title !== undefined && { title }), ...given, ...(from !== undefined && { from }) };
  return makeScenario({ runs, ended: session.ended, ...(variables && { variables }) }, more);
}

const count = (number: number, what: string): string => `${number} ${number === 1 ? what : `${what}s`}`;
