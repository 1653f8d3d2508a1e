import { ActionIcon, SegmentedControl, Tooltip } from "@mantine/core";
import { IconArrowsMaximize, IconArrowsMinimize, IconFileText, IconListTree } from "@tabler/icons-react";
import { useRef } from "react";
import { useDesk, useEditor, useReadOnly } from "../app/editor/desk.js";
import { Notice } from "../app/Notice.js";
import { writeScript } from "../script/pending.js";
import { OutlineBar } from "./OutlineBar.js";
import classes from "./OutlinePanel.module.css";
import { OutlineTree } from "./OutlineTree.js";
import type { Order } from "./rows.js";
import { useOrder, useOutline } from "./use-outline.js";

/** All steps as a list to read, to walk through, and to put in order. */
export function OutlinePanel() {
  const desk = useDesk();
  const readOnly = useReadOnly();
  const empty = useEditor(({ steps }) => steps.steps.length === 0);
  const tree = useRef<HTMLDivElement>(null);
  const [order, setOrder] = useOrder();
  const outline = useOutline(order);
  const move = (id: "earlier" | "later") => {
    const action = desk.actions.find((known) => known.id === id);
    if (readOnly || action?.enabled?.(desk) !== true) return;
    // What is moved is moved in the file: one sees where to.
    setOrder("file");
    action.run(desk);
  };
  const label = outline.allClosed ? "Open all" : "Close all";
  return (
    <div className={classes.panel}>
      <div className={classes.head}>
        <SegmentedControl
          size="xs"
          aria-label="Order of the steps"
          value={order}
          onChange={(value) => setOrder(value as Order)}
          data={[
            { value: "conversation", label: "Conversation" },
            { value: "file", label: "File" },
          ]}
        />
        {!readOnly && (
          <Tooltip label="Write as a script">
            <ActionIcon
              variant="subtle"
              color="gray"
              size={30}
              aria-label="Write as a script"
              className={classes.write ?? ""}
              onClick={() => writeScript(desk)}
            >
              <IconFileText size={16} stroke={1.7} aria-hidden />
            </ActionIcon>
          </Tooltip>
        )}
        <Tooltip label={label}>
          <ActionIcon variant="subtle" color="gray" size={30} aria-label={label} onClick={outline.toggleAll}>
            {outline.allClosed ? (
              <IconArrowsMaximize size={16} stroke={1.7} aria-hidden />
            ) : (
              <IconArrowsMinimize size={16} stroke={1.7} aria-hidden />
            )}
          </ActionIcon>
        </Tooltip>
      </div>
      {empty ? (
        <div className={classes.empty}>
          <Notice icon={IconListTree} title="There are no steps yet">
            Add the first one below.
          </Notice>
        </div>
      ) : (
        <OutlineTree outline={outline} order={order} tree={tree} move={move} />
      )}
      <OutlineBar move={move} />
    </div>
  );
}
