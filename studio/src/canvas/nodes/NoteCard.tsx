import { type Node, type NodeProps, NodeResizeControl } from "@xyflow/react";
import { memo, useEffect, useRef, useState } from "react";
import { useCanvas } from "../canvas-context.js";
import type { NoteData } from "../project.js";
import classes from "./NoteCard.module.css";

/** A note: text for who works on the flow, seen by nobody else. A double click or Enter writes in it. */
export const NoteCard = memo(function NoteCard({ data, selected }: NodeProps<Node<NoteData>>) {
  const { note, item } = data;
  const { editNote, sizeNote, readOnly, elementId } = useCanvas();
  const [writing, setWriting] = useState(false);
  const says = [note.author, note.at?.slice(0, 10), note.resolved && "resolved"].filter(Boolean).join(", ");
  return (
    <div
      id={elementId(item)}
      role="group"
      aria-roledescription="note"
      aria-label={`Note${says && ` by ${says}`}: ${note.text || "nothing written yet"}`}
      className={classes.note}
      data-selected={selected || undefined}
      data-resolved={note.resolved || undefined}
      onDoubleClick={() => setWriting(!readOnly())}
    >
      {writing ? (
        <NoteText text={note.text} change={(text) => editNote(note.id, text)} close={() => setWriting(false)} />
      ) : (
        <div className={classes.text} data-empty={note.text === "" || undefined}>
          {note.text || "Double-click to write"}
        </div>
      )}
      {says !== "" && <div className={classes.by}>{says}</div>}
      {selected && !readOnly() && (
        <NodeResizeControl
          className={classes.resize ?? ""}
          minWidth={120}
          minHeight={72}
          onResize={(_event, { width, height }) => sizeNote(note.id, width, height)}
        />
      )}
    </div>
  );
});

type TextProps = { text: string; change: (text: string) => void; close: () => void };

function NoteText({ text, change, close }: TextProps) {
  const field = useRef<HTMLTextAreaElement>(null);
  useEffect(() => field.current?.select(), []);
  return (
    <textarea
      ref={field}
      className={`${classes.field} nodrag nopan nowheel`}
      aria-label="Note"
      value={text}
      onChange={(event) => change(event.currentTarget.value)}
      onBlur={close}
      onKeyDown={(event) => {
        if (event.key !== "Escape") return;
        event.stopPropagation();
        event.currentTarget.closest<HTMLElement>("[data-steps]")?.focus();
      }}
    />
  );
}
