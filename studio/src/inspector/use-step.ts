import { useRef } from "react";
import { useEditor } from "../app/editor/desk.js";
import { sameButWords } from "../document/same-step.js";
import type { Step } from "../document/steps.js";

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
