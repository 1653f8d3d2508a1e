import type { Path } from "../pointer.js";
import { State } from "../schema.js";
import { shapeOf } from "../shape.js";
import { named } from "../wording.js";
import { type Checked, inFlow, inState } from "./rule.js";

const stateProblems = shapeOf(State);

/** What the schema refuses. */
export function badShape({ flow, model, report }: Checked): void {
  if (Object.hasOwn(flow, "$schema") && typeof flow.$schema !== "string") {
    report.add("bad-shape", { ...inFlow, path: ["$schema"] }, () => ({
      message: '"$schema" must be a string: the address of the schema.',
      plain: "The file's ‘$schema’ is not an address.",
    }));
  }
  for (const state of model.states) {
    if (report.full) return;
    for (const { path, problem } of stateProblems(flow[state.name])) {
      report.add("bad-shape", inState(state, ...path), () => ({
        message: `State ${named(state.name)}: ${spelled(path)}${problem}.`,
        plain: "A step is not written as it should be, and cannot be used. Correct it in the text of the file.",
      }));
    }
  }
}

/** A path as one would write it: `sendRequest.choices[2].itemId`. */
function spelled(path: Path): string {
  if (path.length === 0) return "it ";
  const steps = path.map((step, i) => {
    if (typeof step === "number") return `[${step}]`;
    return `${i > 0 ? "." : ""}${/^[\w$]+$/.test(step) && step.length <= 80 ? step : named(step)}`;
  });
  return `${steps.join("")} `;
}
