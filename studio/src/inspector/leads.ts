import { KINDS, NEW_KINDS, type NewKind } from "../canvas/kinds.js";
import type { PortRef } from "../document/commands/command.js";
import type { Port, Step, StepGraph } from "../document/steps.js";

/** Where a way out leads: to a step, to a name that no step has, or nowhere. */
export type Lead = { readonly to?: Step; readonly missing?: string; readonly ends: boolean };

/** Undefined when there is no such way out. */
export function leadOf(graph: StepGraph, { step, port }: PortRef): Lead | undefined {
  const found = graph.byId.get(step)?.ports.find(({ id }) => id === port);
  const way = found && wayOn(graph, found);
  if (!way) return undefined;
  const to = way.to === undefined ? undefined : graph.byId.get(way.to);
  return { ...(to && { to }), ...(way.missing !== undefined && { missing: way.missing }), ends: way.ends };
}

/** Where what takes an answer is a step of its own, it is that step which leads on. */
function wayOn(graph: StepGraph, port: Port): Port | undefined {
  if (port.kind === "then" || port.state !== undefined || port.to === undefined) return port;
  return graph.byId.get(port.to)?.ports.find(({ kind }) => kind === "then");
}

export type LeadOption =
  | { readonly id: string; readonly kind: "step"; readonly label: string; readonly hint: string; readonly step: Step }
  | { readonly id: string; readonly kind: "new"; readonly label: string; readonly hint: string; readonly make: NewKind }
  | { readonly id: string; readonly kind: "end"; readonly label: string; readonly hint: string };

/** So many steps are listed: one types to find the others. */
const MOST = 40;
const NEW_LABELS: Readonly<Record<NewKind, string>> = {
  message: "A new message",
  question: "A new question",
  text: "A new “Ask for text”",
};

/** What a way out can lead to, by the words of the steps; those that begin with what was typed come first. */
export function leadOptions(graph: StepGraph, typed: string): { options: LeadOption[]; more: boolean } {
  const words = typed.toLocaleLowerCase().split(/\s+/).filter(Boolean);
  const holds = (text: string) => words.every((word) => text.toLocaleLowerCase().includes(word));
  const start = words.join(" ");
  const first: Step[] = [];
  const rest: Step[] = [];
  let more = false;
  for (const step of graph.steps) {
    // An answer follows its question by itself.
    if (step.kind === "answer" || !holds(`${step.title} ${step.id} ${KINDS[step.kind].label}`)) continue;
    const begins = start !== "" && step.title.toLocaleLowerCase().startsWith(start);
    const list = begins ? first : rest;
    if (list.length < MOST) list.push(step);
    else more = true;
  }
  const found = [...first, ...rest];
  const steps = found.slice(0, MOST).map(
    (step): LeadOption => ({
      id: `step:${step.id}`,
      kind: "step",
      label: step.title,
      hint: KINDS[step.kind].label,
      step,
    }),
  );
  const fresh = NEW_KINDS.filter(({ kind, hint, words }) => holds(`${NEW_LABELS[kind]} ${hint} ${words}`)).map(
    ({ kind, hint }): LeadOption => ({ id: `new:${kind}`, kind: "new", label: NEW_LABELS[kind], hint, make: kind }),
  );
  const end: LeadOption = { id: "end", kind: "end", label: "Nowhere", hint: "It ends here" };
  const ends = holds(`${end.label} ${end.hint}`) ? [end] : [];
  return { options: [...steps, ...fresh, ...ends], more: more || found.length > MOST };
}
