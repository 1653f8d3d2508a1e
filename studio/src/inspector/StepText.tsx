import { Textarea } from "@mantine/core";
import type { Where } from "@parley/shared/flow/rich-text";
import type { ClipboardEvent, CSSProperties, KeyboardEvent } from "react";
import { useStore } from "zustand";
import { useDesk, useEditor, useReadOnly } from "../app/editor/desk.js";
import type { TextRef } from "../document/commands/command.js";
import { readText } from "../document/commands/text.js";
import { isOfText } from "../document/conflict.js";
import { join, split } from "../document/picture-text.js";
import type { EditorState } from "../editor/store.js";
import { SuggestionList } from "../writing/SuggestionList.js";
import { useAnswers } from "../writing/use-answers.js";
import { useMarkdown } from "../writing/use-markdown.js";
import { caretOf, isSameField, isTyping } from "./caret.js";
import { conflictOf } from "./conflict-words.js";
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
  /** Markdown that is typed becomes what it means, as far as such a text may have it; absent: it is plain text. */
  rich?: Where;
  /** Enter breaks the line, and only Ctrl+Enter goes on. */
  breaks?: boolean;
  onKeyDown?: (event: KeyboardEvent<HTMLTextAreaElement>) => void;
  onPaste?: (event: ClipboardEvent<HTMLTextAreaElement>) => void;
};

/** The text in the draft; while somebody else changed it, too, one's own: that is what one goes on typing. */
function shownText({ conflicts, draft, steps }: EditorState, at: TextRef): string {
  const conflict = conflictOf(conflicts, steps, at);
  return conflict !== undefined && isOfText(conflict) ? String(conflict.mine ?? "") : readText(draft, at);
}

/** Whether a field grows by itself. Measured by script, after each letter, it takes longer than all that a letter changes. */
const GROWS = CSS.supports("field-sizing", "content");

/** A text of a step, typed straight into the document. It grows with what is in it. */
export function StepText(props: StepTextProps) {
  const { at, label, labelUnseen = false, description, placeholder, rows = 1, onEnter, rich, breaks = false } = props;
  const desk = useDesk();
  const readOnly = useReadOnly();
  const written = useEditor((state) => shownText(state, at));
  const held = useStore(desk.editor.held, ({ held }) => (held && isSameField(held.at, at) ? held.text : undefined));
  const text = held ?? written;
  // Pictures are seen below the text, not read in it.
  const { words, pictures } = at.field === "text" ? split(text) : { words: text, pictures: "" };
  const field = useField<HTMLTextAreaElement>(at);
  const caret = caretOf(desk.editor);
  const write = (words: string) => writeText(desk, at, join({ words, pictures }));
  const answers = useAnswers(field, at, write);
  const markdown = useMarkdown(field, at, rich, write);
  const onKeyDown = (event: KeyboardEvent<HTMLTextAreaElement>) => {
    if (event.nativeEvent.isComposing || event.keyCode === 229 || answers.onKeyDown(event)) return;
    if (!readOnly && markdown.onKeyDown(event)) return;
    if (event.key === "Tab" && !readOnly) markdown.finish();
    props.onKeyDown?.(event);
    if (event.defaultPrevented || event.key !== "Enter" || event.shiftKey || event.altKey) return;
    if (breaks && !event.ctrlKey && !event.metaKey) return;
    event.preventDefault();
    if (readOnly) return;
    markdown.finish();
    onEnter?.();
  };
  return (
    <div>
      <Textarea
        ref={field}
        {...(GROWS ? {} : { autosize: true, minRows: rows, maxRows: 16 })}
        styles={{ input: { "--rows": rows } as CSSProperties }}
        classNames={{ input: [GROWS && classes.grows, rows === 1 && classes.line].filter(Boolean).join(" ") }}
        {...(labelUnseen ? { "aria-label": label } : { label })}
        description={description}
        placeholder={placeholder}
        readOnly={readOnly}
        enterKeyHint={breaks ? "enter" : "next"}
        data-control="text"
        value={words}
        onChange={(event) => {
          if (!isTyping(desk, at)) caret.setState({ typing: at });
          if ((event.nativeEvent as InputEvent).isComposing || !markdown.look()) write(event.currentTarget.value);
          answers.look();
        }}
        onBlur={() => {
          markdown.leave();
          caret.setState({ typing: undefined });
          answers.close();
        }}
        {...answers.aria}
        onKeyDown={onKeyDown}
        onPaste={props.onPaste}
      />
      {answers.shown && <SuggestionList {...answers.shown} />}
      <FieldConflict field={at} />
    </div>
  );
}
