import type { ModelState } from "../model.js";
import { NearestName } from "../nearest-name.js";
import { toPointer } from "../pointer.js";
import { describe, describeWithin, named } from "../wording.js";
import { type Checked, inState } from "./rule.js";

export const MAX_RUN_REQUESTS = 1000;

/** `next` names no state. */
export function nextMissing({ model, report }: Checked): void {
  const nearest = new NearestName([...model.byName.keys()]);
  for (const state of model.states) {
    const wanted = state.next;
    if (wanted === undefined || state.target >= 0 || state.handOff) continue;
    report.add("next-missing", inState(state, "next"), () => {
      // Its own name is not meant: that would never end.
      const meant = nearest.find(wanted, state.name);
      const change =
        meant !== undefined && ({ kind: "set", pointer: toPointer([state.name, "next"]), value: meant } as const);
      return {
        message: `State ${named(state.name)}: "next" is ${named(wanted)}, and no state has that name${meant === undefined ? "." : `; is ${named(meant)} meant?`}`,
        plain: `${describe(state)} leads to a step that does not exist.`,
        fix: change
          ? { label: `Lead to ${describeWithin(model.byName.get(change.value)!)}`, changes: [change] }
          : undefined,
      };
    });
  }
}

/** A cycle of `next`, or a run that is too long (F8): each named once. */
export function endlessRun(checked: Checked): void {
  const { cycles, longRuns } = followNext(checked.model.states);
  for (const cycle of cycles) {
    checked.report.add("endless-run", inState(cycle.state, "next"), () => {
      const length = cycle.length === 1 ? "to itself" : `in a circle of ${cycle.length} states`;
      return {
        message: `State ${named(cycle.state.name)}: "next" leads back ${length} and never waits for an answer.`,
        plain: `${describe(cycle.state)} leads back to itself without waiting for an answer, so the bot would never stop.`,
      };
    });
  }
  for (const run of longRuns) {
    checked.report.add("endless-run", inState(run.state), () => ({
      message: `State ${named(run.state.name)}: the run from here sends ${run.requests} requests; at most ${MAX_RUN_REQUESTS} are allowed.`,
      plain: `${describe(run.state)} begins ${run.requests} messages in a row; at most ${MAX_RUN_REQUESTS} are possible. Ask something in between.`,
    }));
  }
}

type Runs = {
  readonly cycles: readonly { state: ModelState; length: number }[];
  readonly longRuns: readonly { state: ModelState; requests: number }[];
};

/** Follows every `next` once. Runs that end at the same state are one finding, at a state where a run begins. */
function followNext(states: readonly ModelState[]): Runs {
  const cycles: { state: ModelState; length: number }[] = [];
  const longest = new Map<number, { state: ModelState; requests: number }>();
  /** Requests from here to the end of the run, or one of the three marks below. */
  const requests = new Int32Array(states.length).fill(UNKNOWN);
  const end = new Int32Array(states.length);
  for (const first of states) {
    const path: ModelState[] = [];
    let state: ModelState | undefined = first;
    while (state && requests[state.index] === UNKNOWN) {
      requests[state.index] = ON_PATH;
      path.push(state);
      state = states[state.target];
    }
    let total = state ? requests[state.index]! : 0;
    if (state && total === ON_PATH) {
      const cycle = path.slice(path.indexOf(state));
      cycles.push({ state: cycle.reduce((a, b) => (b.index < a.index ? b : a)), length: cycle.length });
      total = ENDLESS;
    }
    let last = state ? end[state.index]! : path.at(-1)?.index;
    for (const passed of path.reverse()) {
      last ??= passed.index;
      if (total !== ENDLESS && passed.request !== undefined) total += 1;
      requests[passed.index] = total;
      end[passed.index] = last;
      if (total > MAX_RUN_REQUESTS) longest.set(last, better(longest.get(last), { state: passed, requests: total }));
    }
  }
  return { cycles, longRuns: [...longest.values()] };
}

const UNKNOWN = -3;
const ON_PATH = -2;
const ENDLESS = -1;

/** Of two states of a run the one to name: where a run begins, and then the longer. */
function better<Run extends { state: ModelState; requests: number }>(a: Run | undefined, b: Run): Run {
  if (!a) return b;
  const begins = (run: Run) => run.state.index === 0 || run.state.matches !== undefined;
  if (begins(a) !== begins(b)) return begins(a) ? a : b;
  return b.requests > a.requests ? b : a;
}
