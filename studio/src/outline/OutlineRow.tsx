import { IconChevronRight, IconCornerDownRight, IconFlagFilled, IconPointFilled } from "@tabler/icons-react";
import { type CSSProperties, memo } from "react";
import { KINDS } from "../canvas/kinds.js";
import { nodeId } from "../canvas/node-ids.js";
import { MarksBadge } from "../canvas/nodes/MarksBadge.js";
import { portLabel } from "../canvas/project-parts.js";
import { type Item, itemWords } from "./items.js";
import classes from "./OutlineRow.module.css";

/** The id of a row's element. */
export const rowId = (key: string): string => `outline-${nodeId(key)}`;

type RowProps = {
  item: Item;
  selected: boolean;
  current: boolean;
  /** Near what is seen: else it is there by its name, its place and its size only. */
  near: boolean;
  draggable: boolean;
};

/** A step or a way out. */
export const OutlineRow = memo(function OutlineRow({ item, selected, current, near, draggable }: RowProps) {
  const { row, port, open, found } = item;
  const { key, level, place, count } = row;
  return (
    // biome-ignore lint/a11y/useFocusableInteractive: the tree has the focus
    <div
      id={rowId(key)}
      role="treeitem"
      aria-level={level}
      aria-posinset={place}
      aria-setsize={count}
      aria-expanded={open}
      aria-selected={selected}
      aria-label={itemWords(item)}
      className={classes.row}
      data-row={key}
      data-port={port === undefined ? undefined : ""}
      data-current={current || undefined}
      data-found={found}
      draggable={(draggable && port === undefined) || undefined}
    >
      {near && <Content item={item} />}
    </div>
  );
});

/** Deeper rows are not moved in further: there would be no room left for words. */
const DEEPEST = 9;

function Content({ item }: { item: Item }) {
  const { row, open } = item;
  return (
    <div
      className={classes.content}
      style={{ "--depth": Math.min(row.level, DEEPEST) - 1 } as CSSProperties}
      title={hoverWords(item)}
      aria-hidden
    >
      <span className={classes.toggle} data-toggle={open === undefined ? undefined : ""} data-open={open || undefined}>
        {open !== undefined && <IconChevronRight size={14} stroke={2} />}
      </span>
      {item.port === undefined ? <StepContent item={item} /> : <WayContent item={item} />}
    </div>
  );
}

/** What there may be no room for. */
const hoverWords = ({ step, port, leads }: Item): string =>
  [port === undefined ? step.title : portLabel(step, port.id), leads].filter(Boolean).join(" → ");

function StepContent({ item: { step, leads, marks } }: { item: Item }) {
  const { icon: Icon, colour } = KINDS[step.kind];
  const only = step.ports.length === 1 && step.ports[0]?.kind === "then";
  return (
    <>
      <span className={classes.icon} data-colour={colour}>
        <Icon size={16} stroke={1.8} />
      </span>
      <span className={classes.words}>
        <span className={classes.title} data-empty={step.blank || undefined}>
          {step.start && <IconFlagFilled size={12} className={classes.start ?? ""} />}
          {step.title}
        </span>
        <span className={classes.leads}>
          {only && step.ports[0]?.to !== undefined && <IconCornerDownRight size={12} />}
          {leads}
        </span>
      </span>
      {marks !== undefined && <MarksBadge marks={marks} />}
    </>
  );
}

/** Where it leads is said while that does not stand right below. */
function WayContent({ item: { step, port, leads, marks, open } }: { item: Item }) {
  const label = portLabel(step, port!.id);
  return (
    <>
      <span className={classes.dot} data-mark={marks?.ports.get(port!.id)}>
        <IconPointFilled size={12} />
      </span>
      <span className={classes.answer} data-empty={label === "" || undefined}>
        {label || "Nothing written yet"}
      </span>
      {open !== true && (
        <span className={classes.target}>
          {port!.to !== undefined && <IconCornerDownRight size={12} />}
          <span>{leads}</span>
        </span>
      )}
    </>
  );
}
