import { UnstyledButton } from "@mantine/core";
import { IconArrowDown, IconArrowUp, IconDots, IconPencil, IconPlus, type TablerIcon } from "@tabler/icons-react";
import type { MouseEvent } from "react";
import { canRun } from "../app/editor/action.js";
import { useBench, useDesk, useEditor, useReadOnly } from "../app/editor/desk.js";
import classes from "./OutlineBar.module.css";
import { besideRow } from "./use-tree-keys.js";

type BarProps = { move: (id: "earlier" | "later") => void };

/** What one does with the step in hand, for who has no keys: a finger, above all. */
export function OutlineBar({ move }: BarProps) {
  const desk = useDesk();
  const readOnly = useReadOnly();
  // Whatever an action depends on is a part of these.
  useEditor((state) => state);
  useBench((bench) => bench.port);
  const { selection } = desk.editor.getState();
  const can = (id: string) => {
    const action = desk.actions.find((known) => known.id === id);
    return action !== undefined && canRun(action, desk, readOnly);
  };
  const run = (id: string) => desk.actions.find((known) => known.id === id)?.run(desk);
  const here = ({ currentTarget }: MouseEvent<HTMLElement>) => {
    const { left, top } = currentTarget.getBoundingClientRect();
    return { x: left, y: top };
  };
  return (
    <div role="toolbar" aria-label="With this step" className={classes.bar}>
      <Tool
        label="Add"
        icon={IconPlus}
        enabled={can("add-after")}
        run={(event) => {
          run("add-after");
          besideRow(desk, here(event));
        }}
      />
      <Tool label="Edit" icon={IconPencil} enabled={can("edit-text")} run={() => run("edit-text")} />
      <Tool label="Up" icon={IconArrowUp} enabled={can("earlier")} run={() => move("earlier")} />
      <Tool label="Down" icon={IconArrowDown} enabled={can("later")} run={() => move("later")} />
      <Tool
        label="More"
        icon={IconDots}
        enabled
        run={(event) =>
          desk.bench.setState({ menu: { anchor: here(event), about: selection.length === 0 ? "canvas" : "steps" } })
        }
      />
    </div>
  );
}

type ToolProps = {
  label: string;
  icon: TablerIcon;
  enabled: boolean;
  run: (event: MouseEvent<HTMLElement>) => void;
};

function Tool({ label, icon: Icon, enabled, run }: ToolProps) {
  return (
    <UnstyledButton className={classes.tool} aria-disabled={!enabled} onClick={(event) => enabled && run(event)}>
      <Icon size={18} stroke={1.7} aria-hidden />
      {label}
    </UnstyledButton>
  );
}
