import type { Finding } from "./finding.js";
import { readGraph } from "./graph.js";
import { measure } from "./measure.js";
import { readModel } from "./model.js";
import { Report } from "./report.js";
import { chatSessions } from "./rules/chat.js";
import { endlessHandOff, handOffIdTaken, outcomeWithoutMatch, silentHandOff } from "./rules/hand-off.js";
import {
  chatWithoutMatch,
  choiceWithoutMatch,
  duplicateItem,
  duplicateMatch,
  groupReused,
  matchWithoutRequest,
  noOtherText,
} from "./rules/matching.js";
import { badName } from "./rules/names.js";
import { placeholderValues } from "./rules/placeholders.js";
import { handOffWithNext, questionWithNext } from "./rules/questions.js";
import { deadEnd, unreachable } from "./rules/reach.js";
import { inFlow, type Rule } from "./rules/rule.js";
import { endlessRun, nextMissing } from "./rules/run.js";
import { badShape } from "./rules/shapes.js";
import { tooLarge } from "./rules/size.js";
import { emptyText, numberId, pictureWithoutAlt, unsafeHtml } from "./rules/texts.js";

/** Every rule. Those that find errors come first, so that warnings never crowd an error out of the list. */
export const RULES: readonly Rule[] = [
  badName,
  badShape,
  tooLarge,
  nextMissing,
  endlessRun,
  choiceWithoutMatch,
  chatWithoutMatch,
  outcomeWithoutMatch,
  duplicateMatch,
  duplicateItem,
  matchWithoutRequest,
  handOffWithNext,
  handOffIdTaken,
  endlessHandOff,
  questionWithNext,
  groupReused,
  numberId,
  noOtherText,
  placeholderValues,
  unreachable,
  deadEnd,
  silentHandOff,
  chatSessions,
  emptyText,
  unsafeHtml,
  pictureWithoutAlt,
];

export type CheckOptions = {
  /** The names that the page may set, as the flow's settings declare them (F12). */
  readonly variables?: readonly string[];
};

/**
 * Says what is wrong with a flow: SPEC, Check. Takes any JSON value and never throws; its time is linear in the size of
 * the flow, also of a hostile one. What only the text of a file shows (`duplicate-name`) is found by `readFlow`.
 * @returns at most 1,000 findings in the order of the file; a last one then says that there are more.
 */
export function check(flow: unknown, options: CheckOptions = {}): Finding[] {
  const report = new Report();
  const notAFlow = (why: string, plain: string) =>
    report.add("not-a-flow", inFlow, () => ({ message: `This is not a flow: ${why}.`, plain }));
  const { tooDeep, bytes } = measure(flow);
  if (!isFields(flow)) notAFlow("it must be a JSON object of states", "This file holds no conversation.");
  else if (tooDeep) notAFlow("it is nested more than 64 deep", "This file holds no conversation.");
  else {
    const model = readModel(flow);
    const graph = readGraph(model);
    const variables = new Set(options.variables);
    if (model.states.length === 0) notAFlow("it has no states", "There are no steps yet. Add a message to begin.");
    for (const rule of RULES) {
      if (report.full) break;
      rule({ flow, bytes, model, graph, variables, report });
    }
  }
  return report.findings();
}

const isFields = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
