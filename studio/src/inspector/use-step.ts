import { useRef } from "react";
import { useEditor } from "../app/editor/desk.js";
import type { Port, Step } from "../document/steps.js";

/**
 * A step as it is, but for the words of its own: its fields read those themselves, so a panel is not drawn again for each
 * letter. `text`, `title`, `prompt` and `blank` may be of an earlier moment.
 */
export function useStep(id: string): Step | undefined {
  const last = useRef<Step>(undefined);
  return useEditor(({ steps }) => {
    const now = steps.byId.get(id);
    if (last.current === undefined || now === undefined || !sameButWords(last.current, now)) last.current = now;
    return last.current;
  });
}

/** Whether two steps differ in nothing but the words that they say. */
export function sameButWords(a: Step, b: Step): boolean {
  if (a === b) return true;
  return (
    a.id === b.id &&
    a.kind === b.kind &&
    a.takes === b.takes &&
    a.ref === b.ref &&
    a.start === b.start &&
    a.folded === b.folded &&
    a.why === b.why &&
    sameList(a.states, b.states) &&
    a.ports.length === b.ports.length &&
    a.ports.every((port, index) => samePort(port, b.ports[index]!))
  );
}

function samePort(a: Port, b: Port): boolean {
  return (
    a === b ||
    (a.id === b.id &&
      a.kind === b.kind &&
      a.label === b.label &&
      a.state === b.state &&
      a.end === b.end &&
      a.item === b.item &&
      a.to === b.to &&
      a.missing === b.missing &&
      a.ends === b.ends &&
      sameList(a.more ?? [], b.more ?? []))
  );
}

const sameList = (a: readonly string[], b: readonly string[]): boolean =>
  a.length === b.length && a.every((one, index) => one === b[index]);
