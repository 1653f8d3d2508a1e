import { Button, Group, Text, Textarea } from "@mantine/core";
import { SAY_LENGTH } from "@parley/shared/api/conversations";
import { IconSend } from "@tabler/icons-react";
import { type KeyboardEvent, type ReactNode, type RefObject, useState } from "react";
import { useOwnTyping } from "../conversations/use-typing.js";

type ComposerProps = {
  conversation: string;
  field: RefObject<HTMLTextAreaElement | null>;
  say: (text: string) => void;
  children?: ReactNode;
};

/** What somebody was writing in each conversation, kept over a reload of the tab. */
const keyOf = (conversation: string) => `parley.written.${conversation}`;

/** What is written to the visitor: sent at once, and shown above until it is there. */
export function Composer({ conversation, field, say, children }: ComposerProps) {
  const [text, setText] = useState(() => window.sessionStorage.getItem(keyOf(conversation)) ?? "");
  const types = useOwnTyping();
  const write = (text: string) => {
    setText(text);
    if (text === "") window.sessionStorage.removeItem(keyOf(conversation));
    else window.sessionStorage.setItem(keyOf(conversation), text);
  };
  const send = () => {
    if (text.trim() === "") return;
    say(text);
    write("");
    field.current?.focus();
  };
  const onKey = (event: KeyboardEvent) => {
    if (event.key === "Escape") field.current?.blur();
    if (event.key !== "Enter" || event.shiftKey || event.nativeEvent.isComposing) return;
    event.preventDefault();
    send();
  };
  return (
    <>
      <Textarea
        ref={field}
        aria-label="Write to the visitor"
        placeholder="Write to the visitor"
        value={text}
        maxLength={SAY_LENGTH}
        autosize
        minRows={2}
        maxRows={6}
        onChange={({ currentTarget }) => {
          write(currentTarget.value);
          if (currentTarget.value !== "") types();
        }}
        onKeyDown={onKey}
      />
      <Group justify="space-between" mt="xs">
        <Group gap="xs">{children}</Group>
        <Group gap="xs">
          <Text size="xs" c="dimmed" visibleFrom="sm">
            Enter sends
          </Text>
          <Button
            size="xs"
            leftSection={<IconSend size={15} aria-hidden />}
            disabled={text.trim() === ""}
            onClick={send}
          >
            Send
          </Button>
        </Group>
      </Group>
    </>
  );
}
