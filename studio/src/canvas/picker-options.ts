import type { Point } from "@parley/shared/flow/layout";
import type { Picker } from "../app/editor/bench.js";
import { addNew, insertOnEdge, type NewKind } from "../document/commands/add.js";
import type { CommandResult, PortRef } from "../document/commands/command.js";
import { connect, disconnect } from "../document/commands/connect.js";
import type { Draft } from "../document/draft.js";
import type { Step, StepGraph } from "../document/steps.js";
import { KINDS, NEW_KINDS } from "./kinds.js";

export type Option =
  | { readonly kind: "new"; readonly id: string; readonly label: string; readonly hint: string; readonly make: NewKind }
  | { readonly kind: "step"; readonly id: string; readonly label: string; readonly hint: string; readonly step: Step }
  | { readonly kind: "end"; readonly id: string; readonly label: string; readonly hint: string };

/** So many steps are shown: one types to find the others. */
const MOST = 40;

/** What can come next, by what was typed. */
export function pickerOptions(picker: Picker, graph: StepGraph, words: string): Option[] {
  const wanted = words.toLocaleLowerCase().split(/\s+/).filter(Boolean);
  const holds = (text: string) => wanted.every((word) => text.toLocaleLowerCase().includes(word));
  /** What begins so comes before what only has to do with it. */
  const sort = (options: Option[]): Option[] => {
    const begins = ({ label }: Option) => label.toLocaleLowerCase().startsWith(wanted.join(" "));
    return [...options.filter(begins), ...options.filter((option) => !begins(option))];
  };
  const fresh = sort(
    NEW_KINDS.filter(({ kind, hint, words }) => holds(`${KINDS[kind].label} ${hint} ${words}`)).map(
      ({ kind, hint }): Option => ({ kind: "new", id: `new-${kind}`, label: KINDS[kind].label, hint, make: kind }),
    ),
  );
  if (picker.purpose === "insert" || picker.from === undefined) return fresh;
  const found: Option[] = [];
  for (const step of graph.steps) {
    if (step.kind === "answer") continue;
    if (!holds(`${step.title} ${step.id} ${KINDS[step.kind].label}`)) continue;
    found.push({ kind: "step", id: `step-${found.length}`, label: step.title, hint: KINDS[step.kind].label, step });
  }
  const steps = sort(found).slice(0, MOST);
  if (picker.purpose === "add") return [...fresh, ...steps];
  const port = graph.byId.get(picker.from.step)?.ports.find(({ id }) => id === picker.from?.port);
  const end: Option[] =
    port?.to !== undefined && holds("nowhere it ends here")
      ? [{ kind: "end", id: "end", label: "Nowhere", hint: "It ends here" }]
      : [];
  return [...steps, ...end];
}

/** What choosing an option does. */
export function pick(
  draft: Draft,
  picker: Picker,
  option: Option,
  place: (kind: NewKind) => Point | undefined,
): { result: CommandResult; label: string; edge?: PortRef } | undefined {
  const { from, purpose } = picker;
  if (option.kind === "end") return from && { result: disconnect(draft, { from }), label: "Remove a connection" };
  if (option.kind === "step") return from && { result: connect(draft, { from, to: option.step.id }), label: "Connect" };
  // In between: room is made for it there.
  if (purpose === "insert" && from !== undefined)
    return { result: insertOnEdge(draft, { edge: from, kind: option.make }), label: "Insert a step", edge: from };
  const at = picker.at ?? place(option.make);
  const where = { ...(from && { after: from }), ...(at && { at }) };
  return { result: addNew(draft, option.make, where), label: "Add a step" };
}
