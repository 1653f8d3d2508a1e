import { useMantineStyleNonce } from "@mantine/core";
import { useEffect, useRef, useState } from "react";
import { useDesk } from "../app/editor/desk.js";
import { createTextEditor } from "./create-editor.js";
import classes from "./JsonPanel.module.css";

/** The text of the file, to be edited. */
export function JsonEditor() {
  const desk = useDesk();
  const nonce = useMantineStyleNonce()?.() ?? "";
  const parent = useRef<HTMLDivElement>(null);
  const [problem, setProblem] = useState<string>();
  useEffect(() => {
    if (parent.current === null) return;
    return createTextEditor({ parent: parent.current, desk, nonce, onProblem: setProblem });
  }, [desk, nonce]);
  return (
    <div className={classes.editor}>
      <div ref={parent} className={classes.text} />
      <div className={classes.foot} data-problem={problem !== undefined || undefined} role="status">
        {problem ?? "What is written here is the flow."}
      </div>
    </div>
  );
}
