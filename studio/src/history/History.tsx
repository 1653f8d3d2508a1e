import { SegmentedControl } from "@mantine/core";
import { useCallback, useRef, useState } from "react";
import { useKeepFocus } from "../inspector/use-keep-focus.js";
import { DraftStateList } from "./DraftStateList.js";
import classes from "./History.module.css";
import { VersionsList } from "./VersionsList.js";

/** What the flow looked like before: saved states of the draft, and versions. */
export function History() {
  const [shown, setShown] = useState("draft");
  const root = useRef<HTMLDivElement>(null);
  useKeepFocus(
    root,
    useCallback(() => root.current, []),
  );
  return (
    <div ref={root} className={classes.history} tabIndex={-1}>
      <SegmentedControl
        fullWidth
        size="sm"
        aria-label="What is listed"
        value={shown}
        onChange={setShown}
        data={[
          { value: "draft", label: "Saved states" },
          { value: "versions", label: "Versions" },
        ]}
      />
      {shown === "draft" ? <DraftStateList /> : <VersionsList />}
    </div>
  );
}
