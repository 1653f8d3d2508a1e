import { Textarea } from "@mantine/core";
import type { ClipboardEvent, KeyboardEvent } from "react";
import { useDesk, useEditor, useReadOnly } from "../app/editor/desk.js";
import type { TextRef } from "../document/commands/command.js";
import { readText } from "../document/commands/text.js";
import { caretOf, isSameField } from "./caret.js";
import { FieldConflict } from "./FieldConflict.js";
import { writeText } from "./gestures.js";
import classes from "./StepText.module.css";
import { useField } from "./use-field.js";

type StepTextProps = {
  at: TextRef;
  label: string;
  /** The label is for whoever hears it only: what is seen around the field says the same. */
  labelUnseen?: boolean;
  description?: string;
  placeholder?: string;
  rows?: number;
  /** Enter, or Ctrl+Enter where a line break is text. */
  onEnter?: () => void;
  /** Enter breaks the line, and only Ctrl+Enter goes on. */
  breaks?: boolean;
  onKeyDown?: (event: KeyboardEvent<HTMLTextAreaElement>) => void;
  onPaste?: (event: ClipboardEvent<HTMLTextAreaElement>) => void;
};

/** A text of a step, typed straight into the document. It grows with what is in it. */
export function StepText(props: StepTextProps) {
  const { at, label, labelUnseen = false, description, placeholder, rows = 1, onEnter, breaks = false } = props;
  const desk = useDesk();
  const readOnly = useReadOnly();
  const text = useEditor((state) => readText(state.draft, at));
  const field = useField<HTMLTextAreaElement>(at);
  const caret = caretOf(desk.editor);
  const onKeyDown = (event: KeyboardEvent<HTMLTextAreaElement>) => {
    if (event.nativeEvent.isComposing || event.keyCode === 229) return;
    props.onKeyDown?.(event);
    if (event.defaultPrevented || event.key !== "Enter" || event.shiftKey || event.altKey) return;
    if (breaks && !event.ctrlKey && !event.metaKey) return;
    event.preventDefault();
    if (!readOnly) onEnter?.();
  };
  return (
    <div>
      <Textarea
        ref={field}
        autosize
        classNames={{ input: rows === 1 ? (classes.line ?? "") : "" }}
        minRows={rows}
        maxRows={16}
        {...(labelUnseen ? { "aria-label": label } : { label })}
        description={description}
        placeholder={placeholder}
        readOnly={readOnly}
        enterKeyHint={breaks ? "enter" : "next"}
        data-control="text"
        value={text}
        onChange={(event) => {
          if (!isSameField(caret.getState().typing, at)) caret.setState({ typing: at });
          writeText(desk, at, event.currentTarget.value);
        }}
        onBlur={() => caret.setState({ typing: undefined })}
        onKeyDown={onKeyDown}
        onPaste={props.onPaste}
      />
      <FieldConflict field={at} />
    </div>
  );
}
