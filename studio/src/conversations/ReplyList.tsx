import { Text } from "@mantine/core";
import { useEffect, useRef } from "react";
import classes from "./ReplyList.module.css";
import type { Replies } from "./use-replies.js";

/** The saved replies that fit, above the field that they go into: the field keeps the keyboard. */
export function ReplyList({ id, replies, take }: { id: string; replies: Replies; take: (text: string) => void }) {
  const { found = [], at, problem } = replies;
  const list = useRef<HTMLDivElement>(null);
  useEffect(() => list.current?.children[at]?.scrollIntoView({ block: "nearest" }), [at]);
  if (found.length === 0)
    return (
      <Text size="sm" c={problem === undefined ? "dimmed" : "var(--parley-problem)"} mb="xs" role="status">
        {problem ?? "No saved reply says that. They are written in the settings."}
      </Text>
    );
  return (
    <div ref={list} id={id} role="listbox" aria-label="Saved replies" className={classes.list}>
      {found.map(({ id: reply, title, text }, i) => (
        // biome-ignore lint/a11y/useKeyWithClickEvents: the field has the keyboard, and its keys are the list's
        <div
          key={reply}
          id={`${id}-${i}`}
          role="option"
          tabIndex={-1}
          aria-selected={i === at}
          className={classes.reply}
          // The field keeps the focus.
          onMouseDown={(event) => event.preventDefault()}
          onClick={() => take(text)}
        >
          <span className={classes.title}>{title}</span>
          <span className={classes.text}>{text}</span>
        </div>
      ))}
    </div>
  );
}
