import { ActionIcon, Button, Group, Skeleton, Stack, Text, Title } from "@mantine/core";
import type { InboxRow, Staff } from "@parley/shared/api/inbox";
import { GENERAL } from "@parley/shared/inbox/queue";
import { IconArrowBackUp, IconArrowLeft, IconHandStop, IconX } from "@tabler/icons-react";
import { type RefObject, useEffect, useMemo, useRef } from "react";
import { useSession } from "../app/session.js";
import { Composer } from "../conversations/Composer.js";
import { DoctorButton } from "../conversations/DoctorButton.js";
import { MendMenu, type StepInHand } from "../conversations/MendMenu.js";
import { Transcript } from "../conversations/Transcript.js";
import { type Deeds, newId } from "../conversations/use-deeds.js";
import { useOwnTyping, useVisitorTyping } from "../conversations/use-typing.js";
import type { Watched } from "../conversations/use-watched.js";
import { saidIn } from "../conversations/way.js";
import classes from "./InboxConversation.module.css";
import type { Reply } from "./outbox.js";
import { PassOnMenu } from "./PassOnMenu.js";
import type { useOutbox } from "./use-outbox.js";

type ConversationProps = {
  /** Undefined: it is with no person any more. */
  row: InboxRow | undefined;
  conversation: string;
  flow: string;
  watched: Watched | undefined;
  deeds: Deeds;
  staff: Staff;
  step: StepInHand | undefined;
  outbox: ReturnType<typeof useOutbox>;
  field: RefObject<HTMLTextAreaElement | null>;
  passing: boolean;
  setPassing: (opened: boolean) => void;
  take: () => void;
  giveBack: () => void;
  /** Back to the list, where that is another view. */
  back: (() => void) | undefined;
};

/** The conversation in hand: what was said, what is on its way, and what one may do about it. */
export function InboxConversation(props: ConversationProps) {
  const { row, conversation, flow, watched, deeds, staff, step, outbox, field, passing, setPassing } = props;
  const { me } = useSession();
  const events = watched?.events;
  const said = useMemo(() => saidIn(events ?? []), [events]);
  const types = useVisitorTyping(conversation, events ?? []);
  const typed = useOwnTyping();
  const replies = useUnseen(outbox, conversation, said);
  const holder = watched?.holder;
  const mine = holder?.by === `person:${me.name}`;
  const act = watched?.act;
  const end = useFollowedEnd(`${said.length} ${replies.length} ${types}`, conversation);
  // It is shown on its way, and its field is free.
  const say = async (text: string) => {
    if (act !== undefined) outbox.outbox.add({ id: newId(), flow, conversation, act, text });
    return act !== undefined;
  };
  const mend = watched && <MendMenu deeds={deeds} watched={watched} step={step} />;
  const pass = watched && (mine || row?.byHand === false) && (
    <PassOnMenu
      deeds={deeds}
      act={act}
      staff={staff}
      held={holder?.by !== undefined}
      opened={passing}
      change={setPassing}
    />
  );
  const where = row && `${row.queue ?? GENERAL} · ${row.title}`;
  return (
    <section className={classes.middle} aria-label="Conversation">
      <header className={classes.head}>
        {props.back && (
          <ActionIcon variant="subtle" color="gray" size={36} aria-label="Back to the list" onClick={props.back}>
            <IconArrowLeft size={19} aria-hidden />
          </ActionIcon>
        )}
        <div className={classes.about}>
          <Title order={2} size="h4">
            {mine
              ? "Yours"
              : holder?.by !== undefined
                ? `${holder.name ?? "Somebody"} has it`
                : row
                  ? "Waiting"
                  : "With the bot"}
          </Title>
          {where !== undefined && (
            <Text size="sm" c="dimmed" truncate>
              {where}
            </Text>
          )}
        </div>
        <DoctorButton flow={flow} id={conversation} />
      </header>
      <div className={classes.said} ref={end}>
        {watched ? <Transcript said={said} at={said.at(-1)?.seq ?? 0} lit={NONE} select={() => undefined} /> : <Wait />}
        {replies.length > 0 && <OnTheirWay replies={replies} remove={(id) => outbox.outbox.remove(id)} />}
      </div>
      {watched && (
        <section className={classes.foot} aria-label="Who answers">
          <Text size="xs" c="dimmed" className={classes.typing ?? ""} aria-live="polite">
            {types && "The visitor is typing…"}
          </Text>
          {mine ? (
            <Composer
              key={conversation}
              flow={flow}
              busy={false}
              types={typed}
              say={say}
              kept={conversation}
              place={field}
            >
              <Button
                variant="default"
                size="xs"
                disabled={deeds.busy}
                leftSection={<IconArrowBackUp size={15} aria-hidden />}
                onClick={props.giveBack}
              >
                Give back to the bot
              </Button>
              {pass}
              {mend}
            </Composer>
          ) : (
            <Group justify="space-between">
              <Text size="sm" c="dimmed">
                {holder?.by !== undefined
                  ? `${holder.name ?? "Somebody"} answers this visitor.`
                  : row
                    ? "This visitor waits for a person."
                    : "The bot answers this visitor."}
              </Text>
              <Group gap="xs">
                {pass}
                {mend}
                <Button
                  size="xs"
                  loading={deeds.busy}
                  variant={holder?.by === undefined ? "filled" : "default"}
                  leftSection={<IconHandStop size={15} aria-hidden />}
                  onClick={props.take}
                >
                  {holder?.by === undefined ? "Take" : `Take it from ${holder.name ?? "them"}`}
                </Button>
              </Group>
            </Group>
          )}
          {deeds.problem !== undefined && (
            <Text size="sm" c="var(--parley-problem)" role="alert" mt="xs">
              {deeds.problem}
            </Text>
          )}
        </section>
      )}
    </section>
  );
}

const NONE: ReadonlySet<string> = new Set();

/** The replies of a conversation that it does not show yet; what it shows is let go of. */
function useUnseen(
  { outbox, replies }: ReturnType<typeof useOutbox>,
  conversation: string,
  said: ReturnType<typeof saidIn>,
) {
  const seen = useMemo(() => new Set(said.map(({ id }) => id)), [said]);
  const mine = replies.filter((reply) => reply.conversation === conversation);
  useEffect(() => {
    for (const { id, state } of mine) if (state === "done" && seen.has(`o.${id}`)) outbox.remove(id);
  });
  return mine.filter(({ id }) => !seen.has(`o.${id}`));
}

/** Keeps the end in view, unless somebody has scrolled up to read. @param key another one where there is more */
function useFollowedEnd(key: string, conversation: string) {
  const box = useRef<HTMLDivElement>(null);
  const last = useRef({ conversation: "", bottom: 0 });
  // biome-ignore lint/correctness/useExhaustiveDependencies: `key` says when there is more
  useEffect(() => {
    const element = box.current;
    if (!element) return;
    const { scrollHeight, scrollTop, clientHeight } = element;
    const near = last.current.bottom - scrollTop - clientHeight < 80;
    if (near || last.current.conversation !== conversation) element.scrollTop = scrollHeight;
    last.current = { conversation, bottom: scrollHeight };
  }, [key, conversation]);
  return box;
}

function OnTheirWay({ replies, remove }: { replies: readonly Reply[]; remove: (id: string) => void }) {
  return (
    <ol className={classes.way} aria-label="On their way">
      {replies.map(({ id, text, state, problem }) => (
        <li key={id} className={classes.reply} data-state={state}>
          <span className={classes.text}>{text}</span>
          <span className={classes.note} role={state === "refused" ? "alert" : undefined}>
            {problem ?? (state === "waiting" ? "Not sent yet. It is sent when the server is there." : "Sending…")}
            {state === "refused" && (
              <ActionIcon
                variant="subtle"
                color="gray"
                size={22}
                aria-label="Remove this text"
                onClick={() => remove(id)}
              >
                <IconX size={14} aria-hidden />
              </ActionIcon>
            )}
          </span>
        </li>
      ))}
    </ol>
  );
}

const Wait = () => (
  <Stack p="md" gap="md" aria-hidden>
    {[70, 50, 80, 60].map((width) => (
      <Skeleton key={width} height={40} width={`${width}%`} radius="lg" />
    ))}
  </Stack>
);
