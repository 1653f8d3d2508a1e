import { useRef } from "react";
import { useEditor } from "../app/editor/desk.js";
import { sameButWords, type Wordless } from "../document/same-step.js";

/** A step without its own words: its fields read those themselves, so a panel is not drawn again for each letter. */
export function useStep(id: string): Wordless | undefined {
  const last = useRef<Wordless>(undefined);
  return useEditor(({ steps }) => {
    const now = steps.byId.get(id);
    if (last.current === undefined || now === undefined || !sameButWords(last.current, now)) last.current = now;
    return last.current;
  });
}
