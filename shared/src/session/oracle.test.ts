import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compile } from "../flow/compile.js";
import type { Flow } from "../flow/schema.js";
import { buildFlow } from "../testing/build-flow.js";
import { flowsWithoutErrors } from "../testing/damage.js";
import { drawn } from "../testing/drawn.js";
import { Oracle, type Outcome } from "../testing/oracle.js";
import { plans, plansOfPeople } from "../testing/plan.js";
import { type Act, acts, actsOfPeople, actsOfPeopleAndClocks, type Run, visit } from "../testing/visit.js";
import type { SessionEvent } from "./state.js";

/** The oracle knows little of markup, so it gets none that is broken. */
const flows = fc.oneof(plans.map(buildFlow), flowsWithoutErrors(["broken markup"]));

const flowsOfPeople = fc.oneof(plansOfPeople.map(buildFlow), flowsWithoutErrors(["broken markup"], plansOfPeople));

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
    case "act":
      return oracle.act(event.id, event.message);
    case "said":
      return oracle.said(event.act);
    case "hand-off over":
      return oracle.over(event);
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

/** What both say of each run of a visit; and how often what came. */
function compared(flow: Flow, acts: Act[], came: Record<string, number>): void {
  const { runs } = visit([compile(flow)], acts);
  const stepped = runs.map(outcome);
  const oracle = new Oracle(flow);
  const asked = runs.map(({ event, silent }) => {
    const told = ask(oracle, event);
    return silent ? { ...oracle.silently(told), ...(told.matched !== undefined && { matched: told.matched }) } : told;
  });
  expect(stepped.map(drawnOutcome)).toEqual(asked.map(drawnOutcome));
  runs.forEach(({ event, silent }, i) => {
    const what =
      event.kind === "act" ? event.message.kind : event.kind === "hand-off over" ? event.outcome : event.kind;
    const { matched } = stepped[i]!;
    if (event.kind === "act" && event.message.kind === "GiveBack" && matched !== undefined)
      came.closed = (came.closed ?? 0) + 1;
    const key = `${what} ${silent ? "silently" : (stepped[i]!.refused ?? "accepted")}`;
    came[key] = (came[key] ?? 0) + 1;
    if (stepped[i]!.ended && !stepped[i - 1]?.ended) came.ended = (came.ended ?? 0) + 1;
  });
}

describe("step and an interpreter written from the rules alone", () => {
  it("[F1–F7, F12] agree on every flow without errors and every sequence of answers", () => {
    const came: Record<string, number> = {};
    const flowsAndActs = fc.property(flows, acts, (flow, acts) => compared(flow, acts, came));
    fc.assert(flowsAndActs, { numRuns: 1200, seed: 20261 });
    for (const what of ["answer accepted", "answer stale", "answer no-match", "ended"]) {
      expect(came[what], `${what} of ${JSON.stringify(came)}`).toBeGreaterThanOrEqual(100);
    }
  });

  it("[H1–H3, L8] agree when people take conversations over, talk, and give them back", () => {
    const came: Record<string, number> = {};
    const flowsAndActs = fc.property(flows, actsOfPeople, (flow, acts) => compared(flow, acts, came));
    fc.assert(flowsAndActs, { numRuns: 1200, seed: 20261 });
    const acted = ["Takeover", "Assign", "GiveBack", "Resend", "Move", "End", "said"].flatMap((act) => [
      `${act} accepted`,
      `${act} stale`,
    ]);
    const paused = ["answer paused", "reset paused"];
    for (const what of [...acted, ...paused, "answer accepted", "begin silently", "Takeover silently"]) {
      expect(came[what], `${what} of ${JSON.stringify(came)}`).toBeGreaterThanOrEqual(20);
    }
  });

  it("[H1–H6, L8] agree when flows hand over to people, who come, pass it on, are done, or do not come", () => {
    const came: Record<string, number> = {};
    const flowsAndActs = fc.property(flowsOfPeople, actsOfPeopleAndClocks, (flow, acts) => compared(flow, acts, came));
    fc.assert(flowsAndActs, { numRuns: 1200, seed: 20261 });
    const acted = ["Takeover", "Assign", "GiveBack", "Resend", "Move", "End", "said", "timeout", "unavailable"];
    const both = acted.flatMap((act) => [`${act} accepted`, `${act} stale`]);
    const more = ["closed", "answer paused", "reset paused", "answer accepted", "Takeover silently"];
    for (const what of [...both, ...more]) {
      expect(came[what], `${what} of ${JSON.stringify(came)}`).toBeGreaterThanOrEqual(20);
    }
  });
});
