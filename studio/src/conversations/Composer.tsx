import { ActionIcon, Button, Group, Textarea } from "@mantine/core";
import { SAY_LENGTH } from "@parley/shared/api/conversations";
import { IconBolt, IconSend } from "@tabler/icons-react";
import { type KeyboardEvent, type ReactNode, type RefObject, useEffect, useId, useRef, useState } from "react";
import { ReplyList } from "./ReplyList.js";
import { useReplies } from "./use-replies.js";

type ComposerProps = {
  flow: string;
  busy: boolean;
  /** To be called when something is typed for the visitor. */
  types: () => void;
  say: (text: string) => Promise<boolean>;
  /** Under which name what is being written is kept over a reload of the tab; without, it is not. */
  kept?: string;
  /** Where the field is put, for who wants to bring somebody there. */
  place?: RefObject<HTMLTextAreaElement | null>;
  children: ReactNode;
};

const kept = (name: string | undefined): string =>
  name === undefined ? "" : (window.sessionStorage.getItem(`parley.written.${name}`) ?? "");

/** What is written to the visitor: it stays in the field until it was sent. What begins with `/` looks for a saved reply. */
export function Composer({ flow, busy, types, say, kept: name, place, children }: ComposerProps) {
  const [text, setText] = useState(() => kept(name));
  const own = useRef<HTMLTextAreaElement>(null);
  const field = place ?? own;
  useEffect(() => {
    if (name !== undefined) window.sessionStorage.setItem(`parley.written.${name}`, text);
  }, [name, text]);
  const list = useId();
  useEffect(() => field.current?.focus(), [field]);
  const replies = useReplies(flow, text);
  const send = async () => {
    if (busy || text.trim() === "") return;
    // What is typed meanwhile stays.
    if (await say(text)) setText((now) => (now === text ? "" : now));
    field.current?.focus();
  };
  const take = (reply: string) => {
    setText(reply);
    types();
    field.current?.focus();
  };
  const onKey = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return;
    if (replies.onKey(event.key, take)) return event.preventDefault();
    if (event.key === "Escape") field.current?.blur();
    if (event.key !== "Enter" || event.shiftKey) return;
    event.preventDefault();
    void send();
  };
  const open = replies.found !== undefined;
  return (
    <>
      {open && <ReplyList id={list} replies={replies} take={take} />}
      <Textarea
        ref={field}
        aria-label="Write to the visitor"
        placeholder="Write to the visitor, / for saved replies"
        aria-autocomplete="list"
        {...(open && { "aria-controls": list, "aria-activedescendant": `${list}-${replies.at}` })}
        value={text}
        maxLength={SAY_LENGTH}
        autosize
        minRows={2}
        maxRows={6}
        onChange={({ currentTarget: { value } }) => {
          setText(value);
          // Who looks for a reply says nothing yet.
          if (value !== "" && !value.startsWith("/")) types();
        }}
        onKeyDown={onKey}
      />
      <Group gap="xs" mt="xs">
        {children}
        <ActionIcon
          variant="default"
          size={30}
          aria-label="Saved replies"
          disabled={text !== "" && !text.startsWith("/")}
          onClick={() => {
            setText("/");
            field.current?.focus();
          }}
        >
          <IconBolt size={16} aria-hidden />
        </ActionIcon>
        <Button
          size="xs"
          ml="auto"
          leftSection={<IconSend size={15} aria-hidden />}
          disabled={text.trim() === ""}
          loading={busy}
          onClick={() => void send()}
        >
          Send
        </Button>
      </Group>
    </>
  );
}
