import { SegmentedControl } from "@mantine/core";
import { useCallback, useRef } from "react";
import { useStore } from "zustand";
import { useKeepFocus } from "../inspector/use-keep-focus.js";
import { DraftStateList } from "./DraftStateList.js";
import classes from "./History.module.css";
import { earlierShown } from "./shown.js";
import { VersionsList } from "./VersionsList.js";

/** What the flow looked like before: saved states of the draft, and versions. */
export function History() {
  const shown = useStore(earlierShown);
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
        onChange={(list) => earlierShown.setState(list as "draft" | "versions", true)}
        data={[
          { value: "draft", label: "Saved drafts" },
          { value: "versions", label: "Versions" },
        ]}
      />
      {shown === "draft" ? <DraftStateList /> : <VersionsList />}
    </div>
  );
}
