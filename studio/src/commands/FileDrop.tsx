import { useEffect, useState } from "react";
import { useDesk } from "../app/editor/desk.js";
import { holdsPictures } from "../pictures/picture-files.js";
import classes from "./FileDrop.module.css";
import { openFiles } from "./open-file.js";

/** Takes a flow's file that is dropped anywhere on the editor. */
export function FileDrop() {
  const desk = useDesk();
  const [over, setOver] = useState(false);
  useEffect(() => {
    if (!desk.mayWrite) return;
    const onDragOver = (event: DragEvent) => {
      if (!holdsFlow(event)) return;
      event.preventDefault();
      setOver(true);
    };
    const onDragLeave = ({ relatedTarget }: DragEvent) => relatedTarget === null && setOver(false);
    const onDrop = (event: DragEvent) => {
      setOver(false);
      if (!holdsFlow(event)) return;
      // Before the text editor writes it into the text.
      event.preventDefault();
      event.stopPropagation();
      void openFiles(desk, [...(event.dataTransfer?.files ?? [])]);
    };
    window.addEventListener("dragover", onDragOver, { capture: true });
    window.addEventListener("dragleave", onDragLeave);
    window.addEventListener("drop", onDrop, { capture: true });
    window.addEventListener("dragover", keepPage);
    window.addEventListener("drop", keepPage);
    return () => {
      window.removeEventListener("dragover", onDragOver, { capture: true });
      window.removeEventListener("dragleave", onDragLeave);
      window.removeEventListener("drop", onDrop, { capture: true });
      window.removeEventListener("dragover", keepPage);
      window.removeEventListener("drop", keepPage);
    };
  }, [desk]);
  return over ? <div className={classes.over}>Drop the file to open it in place of this flow</div> : null;
}

/** A picture that nothing here takes: the browser would show it in place of the studio. */
function keepPage(event: DragEvent): void {
  if (event.defaultPrevented || !event.dataTransfer || !holdsPictures(event.dataTransfer)) return;
  event.preventDefault();
  event.dataTransfer.dropEffect = "none";
}

const holdsFlow = ({ dataTransfer }: DragEvent): boolean =>
  [...(dataTransfer?.items ?? [])].some(
    ({ kind, type }) => kind === "file" && (type === "application/json" || type === ""),
  );
