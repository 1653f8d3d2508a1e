import { ActionIcon, Text } from "@mantine/core";
import { IconX } from "@tabler/icons-react";
import { useEffect, useRef } from "react";
import { useStore } from "zustand";
import { useDesk } from "../app/editor/desk.js";
import classes from "./Preview.module.css";
import { previewOf } from "./preview-store.js";

const WAYS = { in: "→", out: "←", record: "●" } as const;
const NAMES = { in: "from the widget", out: "to the widget", record: "record" } as const;

/** Every frame both ways, and every record, as they come; rights to the conversation stand as "…". */
export function DebugDrawer({ close }: { close: () => void }) {
  const { editor } = useDesk();
  const lines = useStore(previewOf(editor), (preview) => preview.lines);
  const list = useRef<HTMLOListElement>(null);
  const atEnd = useRef(true);
  // biome-ignore lint/correctness/useExhaustiveDependencies: what came last is in view, unless somebody has scrolled up
  useEffect(() => {
    if (atEnd.current && list.current) list.current.scrollTop = list.current.scrollHeight;
  }, [lines]);
  return (
    <section className={classes.drawer} aria-label="What is sent">
      <div className={classes.drawerHead}>
        <Text size="xs" fw={600}>
          Frames and records
        </Text>
        <ActionIcon variant="subtle" color="gray" size={24} aria-label="Hide what is sent" onClick={close}>
          <IconX size={14} aria-hidden />
        </ActionIcon>
      </div>
      <ol
        ref={list}
        className={classes.lines}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, and keys have to reach it
        tabIndex={0}
        aria-label="Frames and records"
        onScroll={({ currentTarget: { scrollHeight, scrollTop, clientHeight } }) => {
          atEnd.current = scrollHeight - scrollTop - clientHeight < 24;
        }}
      >
        {lines.map(({ n, ms, way, text }) => (
          <li key={n} className={classes.line} data-way={way}>
            <span title={NAMES[way]}>{WAYS[way]}</span> {(ms / 1000).toFixed(2)} {text}
          </li>
        ))}
      </ol>
    </section>
  );
}
