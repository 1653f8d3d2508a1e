import type { Port, Step } from "./step-graph.js";

/** Whether two steps are alike in everything. */
export const sameStep = (a: Step, b: Step): boolean =>
  a.title === b.title && a.blank === b.blank && a.text === b.text && a.prompt === b.prompt && sameButWords(a, b);

/** A step without the words that it says itself. */
export type Wordless = Omit<Step, "title" | "blank" | "text" | "prompt">;

/** Whether two steps differ in nothing but the words that they say themselves. */
export function sameButWords(a: Wordless, b: Wordless): boolean {
  return (
    a.id === b.id &&
    a.kind === b.kind &&
    a.takes === b.takes &&
    a.ref === b.ref &&
    a.queue === b.queue &&
    a.timeout === b.timeout &&
    a.start === b.start &&
    a.folded === b.folded &&
    a.why === b.why &&
    sameList(a.states, b.states) &&
    a.ports.length === b.ports.length &&
    a.ports.every((port, i) => samePort(port, b.ports[i]!))
  );
}

function samePort(a: Port, b: Port): boolean {
  return (
    a.id === b.id &&
    a.kind === b.kind &&
    a.label === b.label &&
    a.state === b.state &&
    a.end === b.end &&
    a.item === b.item &&
    a.to === b.to &&
    a.missing === b.missing &&
    a.ends === b.ends &&
    sameList(a.more ?? NONE, b.more ?? NONE)
  );
}

const NONE: readonly string[] = [];
const sameList = (a: readonly string[], b: readonly string[]): boolean =>
  a.length === b.length && a.every((name, i) => name === b[i]);
