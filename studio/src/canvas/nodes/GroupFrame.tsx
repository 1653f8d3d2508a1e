import type { Node, NodeProps } from "@xyflow/react";
import { memo, useState } from "react";
import { useCanvas } from "../canvas-context.js";
import type { GroupData } from "../project.js";
import classes from "./GroupFrame.module.css";

/** A frame around steps that belong together. Its title is its handle: dragged, all in it move. */
export const GroupFrame = memo(function GroupFrame({ data, selected }: NodeProps<Node<GroupData>>) {
  const { group, item, members } = data;
  const { hold, titleGroup, readOnly, elementId } = useCanvas();
  const [writing, setWriting] = useState(false);
  return (
    <div
      id={elementId(item)}
      role="group"
      aria-roledescription="group"
      aria-label={`Group ${group.title || "without a title"}, ${members.length} steps`}
      className={classes.frame}
      data-selected={selected || undefined}
    >
      <div
        className={`${classes.head} parley-group-head`}
        onPointerDownCapture={() => !writing && hold(item, members)}
        onDoubleClick={() => setWriting(!readOnly())}
      >
        {writing ? (
          <input
            className={`${classes.field} nodrag nopan`}
            aria-label="Title of the group"
            // biome-ignore lint/a11y/noAutofocus: it takes the place of the title that was double-clicked
            autoFocus
            maxLength={200}
            value={group.title}
            onChange={(event) => titleGroup(group.id, event.currentTarget.value)}
            onBlur={() => setWriting(false)}
            onKeyDown={(event) => {
              if (event.key !== "Enter" && event.key !== "Escape") return;
              event.stopPropagation();
              event.currentTarget.closest<HTMLElement>("[data-steps]")?.focus();
            }}
          />
        ) : (
          group.title || "Group"
        )}
      </div>
    </div>
  );
});
