import { Button, Group, Text, Textarea } from "@mantine/core";
import { SAY_LENGTH } from "@parley/shared/api/conversations";
import { IconArrowBackUp, IconHandStop, IconSend } from "@tabler/icons-react";
import { type KeyboardEvent, useEffect, useRef, useState } from "react";
import { useSession } from "../app/session.js";
import { MendMenu, type StepInHand } from "./MendMenu.js";
import classes from "./PersonPanel.module.css";
import { useDeeds } from "./use-deeds.js";
import { useOwnTyping, useVisitorTyping } from "./use-typing.js";
import type { Watched } from "./use-watched.js";

type PanelProps = { flow: string; id: string; watched: Watched; step: StepInHand | undefined };

/** Who has the conversation, and what somebody may do about that: take it over, write to the visitor, give it back. */
export function PersonPanel({ flow, id, watched, step }: PanelProps) {
  const { me } = useSession();
  const { act: last, holder } = watched;
  const deeds = useDeeds(flow, id, watched);
  const { busy, problem } = deeds;
  const visitorTypes = useVisitorTyping(id, watched.events);
  const types = useOwnTyping();
  const mine = holder?.by === `person:${me.name}`;
  const mend = <MendMenu deeds={deeds} watched={watched} step={step} />;
  const takeOver = () =>
    void deeds.act({ kind: "Takeover", name: me.name, ...(last !== undefined && { after: last }) });
  return (
    <section className={classes.panel} aria-label="Who answers">
      <Text size="xs" c="dimmed" className={classes.typing ?? ""} aria-live="polite">
        {visitorTypes && "The visitor is typing…"}
      </Text>
      {mine && last !== undefined ? (
        <Composer busy={busy} types={types} say={(text) => deeds.act({ kind: "Say", act: last, text })}>
          <Button
            variant="default"
            size="xs"
            leftSection={<IconArrowBackUp size={15} aria-hidden />}
            disabled={busy}
            onClick={() => void deeds.act({ kind: "GiveBack", after: last })}
          >
            Give back to the bot
          </Button>
          {mend}
        </Composer>
      ) : (
        <Group justify="space-between" wrap="nowrap">
          <Text size="sm" c="dimmed">
            {holder === undefined
              ? "The bot answers this visitor."
              : holder.by === undefined
                ? "Nobody answers: this visitor waits for a person."
                : `${holder.name ?? "Somebody"} answers this visitor.`}
          </Text>
          <Group gap="xs" wrap="nowrap" style={{ flex: "none" }}>
            {mend}
            <Button
              size="xs"
              variant={holder?.by === undefined ? "filled" : "default"}
              leftSection={<IconHandStop size={15} aria-hidden />}
              loading={busy}
              onClick={takeOver}
            >
              {holder?.by === undefined ? "Take over" : `Take it from ${holder.name ?? "them"}`}
            </Button>
          </Group>
        </Group>
      )}
      {problem !== undefined && (
        <Text size="sm" c="var(--parley-problem)" role="alert" mt="xs">
          {problem}
        </Text>
      )}
    </section>
  );
}

type ComposerProps = {
  busy: boolean;
  types: () => void;
  say: (text: string) => Promise<boolean>;
  children: React.ReactNode;
};

/** What is written to the visitor: it stays in the field until it was sent. */
function Composer({ busy, types, say, children }: ComposerProps) {
  const [text, setText] = useState("");
  const field = useRef<HTMLTextAreaElement>(null);
  useEffect(() => field.current?.focus(), []);
  const send = async () => {
    if (busy || text.trim() === "") return;
    // What is typed meanwhile stays.
    if (await say(text)) setText((now) => (now === text ? "" : now));
    field.current?.focus();
  };
  const onKey = (event: KeyboardEvent) => {
    if (event.key !== "Enter" || event.shiftKey || event.nativeEvent.isComposing) return;
    event.preventDefault();
    void send();
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
          setText(currentTarget.value);
          if (currentTarget.value !== "") types();
        }}
        onKeyDown={onKey}
      />
      <Group justify="space-between" mt="xs">
        <Group gap="xs">{children}</Group>
        <Button
          size="xs"
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
