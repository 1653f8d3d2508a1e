import { type DragEvent, useState } from "react";
import classes from "./FlowsScreen.module.css";

/** Takes files that are dropped on a screen. `take` absent: takes none. */
export function useFileDrop(take: ((files: readonly File[]) => void) | undefined) {
  // Entering a child comes before leaving its parent: counted, not toggled.
  const [depth, setDepth] = useState(0);
  const holdsFiles = (event: DragEvent) => take !== undefined && event.dataTransfer.types.includes("Files");
  const target = {
    onDragEnter: (event: DragEvent) => holdsFiles(event) && setDepth((depth) => depth + 1),
    onDragLeave: (event: DragEvent) => holdsFiles(event) && setDepth((depth) => Math.max(0, depth - 1)),
    onDragOver: (event: DragEvent) => holdsFiles(event) && event.preventDefault(),
    onDrop: (event: DragEvent) => {
      if (!holdsFiles(event)) return;
      event.preventDefault();
      setDepth(0);
      take?.([...event.dataTransfer.files]);
    },
  };
  return { target, over: depth > 0 ? <div className={classes.over}>Drop the file to open it</div> : undefined };
}
