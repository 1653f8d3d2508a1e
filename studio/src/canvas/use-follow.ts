import { useEffect, useRef } from "react";
import type { Desk } from "../app/editor/desk.js";
import type { Projection } from "./project.js";

/** Brings into view what a command, undo or redo has put in hand: never what was clicked, which is in view. */
export function useFollow({ editor, canvas }: Desk, projection: Projection): void {
  const wanted = useRef<string>(undefined);
  useEffect(() => {
    let edited = false;
    return editor.subscribe((now, before) => {
      if (now.draft !== before.draft) {
        edited = true;
        // Until the selection that belongs to the edit has come.
        queueMicrotask(() => {
          edited = false;
        });
      }
      if (edited && now.selection !== before.selection) wanted.current = now.selection.at(-1);
    });
  }, [editor]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: once it is drawn
  useEffect(() => {
    const item = wanted.current;
    wanted.current = undefined;
    if (item !== undefined) canvas.current?.reveal(item);
  }, [projection, canvas]);
}
