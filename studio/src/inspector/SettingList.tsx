import { ActionIcon, Button, Group, Input, Text, TextInput } from "@mantine/core";
import { IconPlus, IconX } from "@tabler/icons-react";
import { type ClipboardEvent, useId, useRef, useState } from "react";
import { useReadOnly } from "../app/editor/desk.js";
import classes from "./FlowSettings.module.css";
import type { Read } from "./setting-rules.js";

type SettingListProps = {
  label: string;
  description: string;
  placeholder: string;
  /** What stands there while the list is empty. */
  empty: string;
  /** The words of the button. */
  add: string;
  values: readonly string[];
  most: number;
  read: (typed: string) => Read;
  change: (values: string[]) => void;
};

/** A list of texts: one types and adds, several lines pasted are several. */
export function SettingList(props: SettingListProps) {
  const { label, description, placeholder, empty, add, values, most, read, change } = props;
  const readOnly = useReadOnly();
  const id = useId();
  const [typed, setTyped] = useState("");
  const [why, setWhy] = useState<string>();
  const input = useRef<HTMLInputElement>(null);
  const list = useRef<HTMLUListElement>(null);
  /** Adds what is right. @returns what is not, with why */
  const take = (texts: readonly string[]) => {
    const added = [...values];
    for (const [i, text] of texts.entries()) {
      const result = read(text);
      const refused = "why" in result ? result.why : added.length >= most ? `There is room for ${most}.` : undefined;
      if (refused !== undefined) {
        setTyped(texts.slice(i).join(" "));
        setWhy(refused);
        break;
      }
      if ("value" in result && !added.includes(result.value)) added.push(result.value);
      if (i === texts.length - 1) {
        setTyped("");
        setWhy(undefined);
      }
    }
    if (added.length > values.length) change(added);
  };
  const submit = () => {
    if (!readOnly && typed.trim() !== "") take([typed]);
    input.current?.focus();
  };
  const onPaste = (event: ClipboardEvent<HTMLInputElement>) => {
    const lines = event.clipboardData
      .getData("text/plain")
      .split(/[\r\n,;]+/)
      .filter((line) => line.trim() !== "");
    if (lines.length < 2 || readOnly) return;
    event.preventDefault();
    take(lines);
  };
  const remove = (index: number) => {
    if (readOnly) return;
    change(values.toSpliced(index, 1));
    const buttons = list.current?.querySelectorAll("button");
    // The one that comes into its place, the one above, or the field.
    const next = buttons?.[index + 1] ?? buttons?.[index - 1] ?? input.current;
    next?.focus();
  };
  return (
    <div>
      <Input.Label htmlFor={id} mb={4}>
        {label}
      </Input.Label>
      <Input.Description mb={6}>{description}</Input.Description>
      {values.length === 0 ? (
        <Text size="sm" c="dimmed" mb={8}>
          {empty}
        </Text>
      ) : (
        <ul ref={list} className={classes.list} aria-label={label}>
          {values.map((value, index) => (
            <li key={value} className={classes.item}>
              <span className={classes.value}>{value}</span>
              <ActionIcon
                variant="subtle"
                color="gray"
                size={28}
                aria-label={`Remove ${value}`}
                aria-disabled={readOnly}
                onClick={() => remove(index)}
              >
                <IconX size={14} aria-hidden />
              </ActionIcon>
            </li>
          ))}
        </ul>
      )}
      <Group gap="xs" align="flex-start" wrap="nowrap">
        <TextInput
          id={id}
          ref={input}
          className={classes.field ?? ""}
          data-own-undo={typed !== "" || undefined}
          placeholder={placeholder}
          autoComplete="off"
          autoCapitalize="off"
          spellCheck={false}
          enterKeyHint="done"
          readOnly={readOnly}
          value={typed}
          error={why !== undefined}
          aria-describedby={why === undefined ? undefined : `${id}-why`}
          onChange={(event) => {
            setTyped(event.currentTarget.value);
            setWhy(undefined);
          }}
          onPaste={onPaste}
          onBlur={() => typed.trim() !== "" && take([typed])}
          onKeyDown={(event) => {
            if (event.key !== "Enter" || event.nativeEvent.isComposing) return;
            event.preventDefault();
            submit();
          }}
        />
        <Button
          variant="default"
          leftSection={<IconPlus size={14} aria-hidden />}
          aria-label={add}
          aria-disabled={readOnly}
          onMouseDown={(event) => event.preventDefault()}
          onClick={submit}
        >
          Add
        </Button>
      </Group>
      {why !== undefined && (
        <Input.Error id={`${id}-why`} mt={6}>
          {why}
        </Input.Error>
      )}
    </div>
  );
}
