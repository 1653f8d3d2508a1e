import { useMantineStyleNonce } from "@mantine/core";
import { useEffect, useRef, useState } from "react";
import { createPortal } from "react-dom";
import { useDesk } from "../app/editor/desk.js";
import { createTextEditor, type OpenSearch } from "./create-editor.js";
import classes from "./JsonPanel.module.css";
import { TextSearch } from "./TextSearch.js";

/** The text of the file, to be edited. */
export function JsonEditor() {
  const desk = useDesk();
  const nonce = useMantineStyleNonce()?.() ?? "";
  const parent = useRef<HTMLDivElement>(null);
  const [problem, setProblem] = useState<string>();
  const [search, setSearch] = useState<OpenSearch>();
  useEffect(() => {
    if (parent.current === null) return;
    return createTextEditor({ parent: parent.current, desk, nonce, onProblem: setProblem, onSearch: setSearch });
  }, [desk, nonce]);
  return (
    <div className={classes.editor}>
      <div ref={parent} className={classes.text} />
      {search && createPortal(<TextSearch view={search.view} readOnly={!desk.mayWrite} />, search.parent)}
      <div className={classes.foot} data-problem={problem !== undefined || undefined} role="status">
        {problem ?? "What is written here is the flow."}
      </div>
    </div>
  );
}
