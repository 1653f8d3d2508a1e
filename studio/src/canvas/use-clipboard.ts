import { type RefObject, useEffect } from "react";
import { STEPS_ATTRIBUTE } from "../app/editor/action.js";
import type { Desk } from "../app/editor/desk.js";
import { picturesOf } from "../pictures/picture-files.js";
import { copySelection, cutSelection, pastePictures, pasteText } from "./clip.js";

/**
 * Copy, cut and paste where steps have the focus. The browser's own events: they need no permission, and work across
 * tabs and flows. Where text is selected or typed they are the text's.
 */
export function useClipboard(desk: Desk, wrapper: RefObject<HTMLElement | null>): void {
  useEffect(() => {
    const ours = () => {
      const focus = document.activeElement;
      const typing = focus?.closest("input, textarea, [contenteditable]:not([contenteditable=false])") ?? null;
      const over = focus?.closest("[role=dialog]") ?? null;
      // A drawing that lies below a dialog has nothing of it.
      const here = wrapper.current !== null && wrapper.current.closest("[role=dialog]") === over;
      return typing === null && here && focus?.closest(`[${STEPS_ATTRIBUTE}]`) != null;
    };
    const put = (event: ClipboardEvent, text: string | undefined) => {
      if (text === undefined) return;
      event.clipboardData?.setData("text/plain", text);
      event.preventDefault();
    };
    const onCopy = (event: ClipboardEvent) => ours() && put(event, copySelection(desk));
    const onCut = (event: ClipboardEvent) => ours() && put(event, cutSelection(desk));
    const onPaste = (event: ClipboardEvent) => {
      if (!ours()) return;
      event.preventDefault();
      const pictures = picturesOf(event.clipboardData);
      if (pictures.length > 0) return void pastePictures(desk, pictures);
      pasteText(desk, event.clipboardData?.getData("text/plain") ?? "");
    };
    document.addEventListener("copy", onCopy);
    document.addEventListener("cut", onCut);
    document.addEventListener("paste", onPaste);
    return () => {
      document.removeEventListener("copy", onCopy);
      document.removeEventListener("cut", onCut);
      document.removeEventListener("paste", onPaste);
    };
  }, [desk, wrapper]);
}
