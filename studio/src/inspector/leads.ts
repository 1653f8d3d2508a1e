import { KINDS, NEW_KINDS } from "../canvas/kinds.js";
import type { NewKind } from "../document/commands/add.js";
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
  "hand-off": "A new “Hand over to a person”",
};

/**
 * What a way out can lead to, by what was typed: steps by their words, new ones, the end. What is called so comes before
 * what only has to do with it.
 */
export function leadOptions(graph: StepGraph, typed: string): { options: LeadOption[]; more: boolean } {
  const words = typed.toLocaleLowerCase().split(/\s+/).filter(Boolean);
  const found: { option: LeadOption; rank: number }[] = [];
  const add = (option: LeadOption, besides: string) => {
    const rank = rankOf(option.label.toLocaleLowerCase(), besides, words);
    if (rank !== undefined) found.push({ option, rank });
  };
  for (const step of graph.steps) {
    // An answer follows its question by itself.
    if (step.kind === "answer") continue;
    const { label: hint } = KINDS[step.kind];
    add({ id: `step:${step.id}`, kind: "step", label: step.title, hint, step }, `${step.id} ${hint}`);
  }
  for (const { kind, hint, words } of NEW_KINDS) {
    add({ id: `new:${kind}`, kind: "new", label: NEW_LABELS[kind], hint, make: kind }, `${hint} ${words}`);
  }
  add({ id: "end", kind: "end", label: "Nowhere", hint: "It ends here" }, "it ends here");
  const sorted = found.sort((a, b) => a.rank - b.rank).map(({ option }) => option);
  const steps = sorted.filter(({ kind }) => kind === "step");
  const listed = new Set(steps.slice(0, MOST));
  return {
    options: sorted.filter((option) => option.kind !== "step" || listed.has(option)),
    more: steps.length > MOST,
  };
}

/** 0: it begins so. 1: it is called so. 2: it has to do with it. Undefined: neither. */
function rankOf(label: string, besides: string, words: readonly string[]): 0 | 1 | 2 | undefined {
  if (words.length === 0 || label.startsWith(words.join(" "))) return 0;
  if (words.every((word) => label.includes(word))) return 1;
  const all = `${label} ${besides.toLocaleLowerCase()}`;
  return words.every((word) => all.includes(word)) ? 2 : undefined;
}
