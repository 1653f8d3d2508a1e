import { TextInput } from "@mantine/core";
import { type MouseEvent, type RefObject, useRef, useState } from "react";
import { useDesk, useReadOnly } from "../app/editor/desk.js";
import type { CommandResult } from "../document/commands/command.js";
import type { Draft } from "../document/draft.js";
import classes from "./Details.module.css";

type NameFieldProps = {
  label: string;
  value: string;
  /** How the change is called in undo. */
  undo: string;
  rename: (draft: Draft, to: string) => CommandResult;
  field?: RefObject<HTMLInputElement | null>;
};

/** A name or ID: it is taken when one leaves the field or presses Enter, and why not is said at the field. */
export function NameField({ label, value, undo, rename, field }: NameFieldProps) {
  const { editor } = useDesk();
  const readOnly = useReadOnly();
  const [typed, setTyped] = useState<{ of: string; text: string }>();
  const [refused, setRefused] = useState<string>();
  const entered = useRef(false);
  /** A name is seldom changed in part: the press that enters the field selects it, the next one sets the caret. */
  const selectFirst = ({ currentTarget }: MouseEvent<HTMLInputElement>) => {
    if (entered.current && currentTarget.selectionStart === currentTarget.selectionEnd) currentTarget.select();
    entered.current = false;
  };
  // What was typed belongs to the name it began with: another step, or a rename from elsewhere, ends it.
  const text = typed?.of === value ? typed.text : value;
  const take = () => {
    if (typed?.of !== value) return;
    const { draft, run } = editor.getState();
    const result = rename(draft, typed.text);
    setRefused(result.refused);
    if (result.refused !== undefined) return;
    setTyped(undefined);
    run(result, undo);
  };
  return (
    <TextInput
      ref={field}
      label={label}
      classNames={{ input: classes.name ?? "" }}
      data-own-undo={typed?.of === value || undefined}
      spellCheck={false}
      autoComplete="off"
      autoCapitalize="off"
      readOnly={readOnly}
      value={text}
      error={typed?.of === value ? refused : undefined}
      onChange={(event) => {
        setTyped({ of: value, text: event.currentTarget.value });
        setRefused(undefined);
      }}
      onFocus={() => {
        entered.current = true;
      }}
      onClick={selectFirst}
      onBlur={take}
      onKeyDown={(event) => {
        if (event.nativeEvent.isComposing) return;
        if (event.key === "Enter") take();
        if (event.key !== "Escape" || typed === undefined) return;
        event.stopPropagation();
        setTyped(undefined);
        setRefused(undefined);
      }}
    />
  );
}
