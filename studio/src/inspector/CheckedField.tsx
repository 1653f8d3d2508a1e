import { TextInput } from "@mantine/core";
import { useState } from "react";
import { useReadOnly } from "../app/editor/desk.js";
import type { Read } from "./setting-rules.js";

type CheckedFieldProps = {
  label: string;
  description: string;
  placeholder: string;
  value: string;
  read: (typed: string) => Read;
  change: (value: string) => void;
};

/** A setting that is kept while it is right; what is not right stays in the field, with a sentence about it. */
export function CheckedField({ label, description, placeholder, value, read, change }: CheckedFieldProps) {
  const readOnly = useReadOnly();
  const { text, why, type, leave } = useChecked(value, read, change);
  return (
    <TextInput
      label={label}
      description={description}
      placeholder={placeholder}
      inputMode="url"
      autoComplete="off"
      spellCheck={false}
      readOnly={readOnly}
      value={text}
      error={why}
      onChange={(event) => type(event.currentTarget.value)}
      onBlur={leave}
    />
  );
}

/** The text of a field whose value is kept only while it is right. Why not is said once the field is left. */
export function useChecked(value: string, read: (typed: string) => Read, change: (value: string) => void) {
  const [typed, setTyped] = useState<{ text: string; of: string; left: boolean }>();
  // Another value from elsewhere (an undo, somebody else) ends what was typed.
  const present = typed?.of === value ? typed : undefined;
  const result = present && read(present.text);
  return {
    text: present?.text ?? value,
    why: present?.left && result && "why" in result ? result.why : undefined,
    type: (text: string) => {
      const result = read(text);
      const right = "value" in result;
      setTyped({ text, of: right ? result.value : value, left: present?.left ?? false });
      if (right && result.value !== value) change(result.value);
    },
    leave: () => {
      if (present === undefined) return;
      // What is right is shown as it is kept.
      if (result && "value" in result) setTyped(undefined);
      else setTyped({ ...present, left: true });
    },
  };
}
