import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compile } from "../flow/compile.js";
import { buildFlow } from "../testing/build-flow.js";
import { flowsWithoutErrors } from "../testing/damage.js";
import { drawn } from "../testing/drawn.js";
import { Oracle, type Outcome } from "../testing/oracle.js";
import { plans } from "../testing/plan.js";
import { acts, type Run, visit } from "../testing/visit.js";
import type { SessionEvent } from "./state.js";

/** The oracle knows little of markup, so it gets none that is broken. */
const flows = fc.oneof(plans.map(buildFlow), flowsWithoutErrors(["broken markup"]));

/** What the oracle says of an event of a visit. */
function ask(oracle: Oracle, event: SessionEvent): Outcome {
  switch (event.kind) {
    case "begin":
      return oracle.begin();
    case "reset":
      return oracle.reset();
    case "variables":
      return oracle.setVariables(event.values);
    case "answer":
      return oracle.answer(event.message, event.re);
  }
}

/** The run of `step` as the oracle tells it. */
function outcome({ effects }: Run): Outcome {
  const turn = effects.at(-1);
  if (turn?.kind !== "turn") throw new Error("a run ends with its turn");
  if (turn.failed !== undefined) throw new Error(`a run failed: ${turn.failed}`);
  return {
    sent: effects.flatMap((effect) =>
      effect.kind === "send" ? [{ state: effect.state, message: effect.message }] : [],
    ),
    ended: turn.ended ?? false,
    ...(turn.refused !== undefined && { refused: turn.refused }),
    ...(turn.state !== undefined && { matched: turn.state }),
  };
}

const drawnOutcome = (one: Outcome) => ({
  ...one,
  sent: one.sent.map(({ state, message }) => ({ state, message: drawn(message) })),
});

describe("step and an interpreter written from the rules alone", () => {
  it("[F1–F7, F12] agree on every flow without errors and every sequence of answers", () => {
    const came = { accepted: 0, stale: 0, "no-match": 0, ended: 0, paused: 0 };
    fc.assert(
      fc.property(flows, acts, (flow, acts) => {
        const { runs } = visit([compile(flow)], acts);
        const stepped = runs.map(outcome);
        const oracle = new Oracle(flow);
        const asked = runs.map(({ event }) => ask(oracle, event));
        expect(stepped.map(drawnOutcome)).toEqual(asked.map(drawnOutcome));
        runs.forEach(({ event }, i) => {
          if (event.kind === "answer") came[stepped[i]!.refused ?? "accepted"] += 1;
          if (stepped[i]!.ended && !stepped[i - 1]?.ended) came.ended += 1;
        });
      }),
      { numRuns: 1200, seed: 20261 },
    );
    for (const what of ["accepted", "stale", "no-match", "ended"] as const) {
      expect(came[what], `${what} of ${JSON.stringify(came)}`).toBeGreaterThanOrEqual(100);
    }
  });
});
