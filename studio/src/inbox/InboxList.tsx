import { Badge, NativeSelect, SegmentedControl, Text, UnstyledButton } from "@mantine/core";
import type { InboxRow } from "@parley/shared/api/inbox";
import { GENERAL } from "@parley/shared/inbox/queue";
import { memo, useEffect, useRef, useState } from "react";
import { nameIn } from "../conversations/way.js";
import classes from "./InboxList.module.css";
import { held, type InboxState, rowsOf, span, type Tab, unreadIn, unreadWords } from "./inbox.js";

/** Times in the list go on, ms. */
const TICK = 15_000;

type ListProps = {
  state: InboxState;
  tab: Tab;
  queue: string | undefined;
  me: string;
  /** The conversation that is shown. */
  shown: string | undefined;
  change: (change: { tab?: Tab; queue?: string | undefined }) => void;
  open: (row: InboxRow) => void;
};

/** The rows of a tab in the order in which they are shown; the order stays while the pointer is over them. */
function useRows(state: InboxState, tab: Tab, me: string, queue: string | undefined, still: boolean): InboxRow[] {
  const shown = useRef<{ key: string; ids: readonly string[] }>({ key: "", ids: [] });
  const key = `${tab} ${queue ?? ""}`;
  const sorted = rowsOf(state, tab, me, queue);
  const rows = still && shown.current.key === key ? held(shown.current.ids, sorted) : sorted;
  shown.current = { key, ids: rows.map(({ conversation }) => conversation) };
  return rows;
}

/** Which conversations there are for people: those that wait, one's own, all. */
export function InboxList({ state, tab, queue, me, shown, change, open }: ListProps) {
  const now = useNow();
  const [still, setStill] = useState(false);
  const rows = useRows(state, tab, me, queue, still);
  const count = (of: Tab) => rowsOf(state, of, me).length;
  const names = [...new Set([...state.queues.map(({ name }) => name), ...(queue === undefined ? [] : [queue])])];
  return (
    <section className={classes.side} aria-label="Conversations">
      <div className={classes.head}>
        <SegmentedControl
          fullWidth
          aria-label="Which conversations"
          value={tab}
          onChange={(value) => change({ tab: value as Tab })}
          data={[
            { value: "waiting", label: `Waiting ${count("waiting") || ""}` },
            { value: "mine", label: `Mine ${count("mine") || ""}` },
            { value: "all", label: "All" },
          ]}
        />
        <NativeSelect
          mt="xs"
          aria-label="Queue"
          value={queue ?? ""}
          onChange={(event) => change({ queue: event.currentTarget.value || undefined })}
          data={[{ value: "", label: "All queues" }, ...names.map((name) => ({ value: name, label: name }))]}
        />
      </div>
      {rows.length === 0 ? (
        <Text c="dimmed" ta="center" p="xl">
          {EMPTY[tab]}
        </Text>
      ) : (
        <ul
          className={classes.list}
          aria-label={LABELS[tab]}
          onPointerEnter={({ pointerType }) => pointerType === "mouse" && setStill(true)}
          onPointerLeave={() => setStill(false)}
        >
          {rows.map((row) => (
            <Row
              key={row.conversation}
              row={row}
              here={row.conversation === shown}
              mine={row.by === me}
              unread={row.by === undefined || row.by === me ? unreadIn(row, state.marks) : 0}
              time={span(row.by === undefined ? row.since : (row.saidAt ?? row.since), now)}
              open={open}
            />
          ))}
          {state.more > 0 && (
            <li>
              <Text size="sm" c="dimmed" ta="center" p="md">
                And {state.more} more, shown as these are done
              </Text>
            </li>
          )}
        </ul>
      )}
    </section>
  );
}

function useNow(): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), TICK);
    return () => clearInterval(timer);
  }, []);
  return now;
}

const EMPTY: Readonly<Record<Tab, string>> = {
  waiting: "Nobody waits.",
  mine: "You have no conversation. Take one that waits.",
  all: "No conversation is with a person or waits for one.",
};
const LABELS: Readonly<Record<Tab, string>> = {
  waiting: "Waiting conversations",
  mine: "My conversations",
  all: "All conversations with people",
};

type RowProps = {
  row: InboxRow;
  here: boolean;
  mine: boolean;
  unread: number;
  time: string;
  open: (row: InboxRow) => void;
};

/** One conversation. It is drawn again only where something of it is another. */
const Row = memo(function Row({ row, here, mine, unread, time, open }: RowProps) {
  const { said, title, queue, by, name } = row;
  const who = by === undefined ? "Waits" : mine ? "Mine" : (name ?? nameIn(by));
  return (
    <li className={classes.item}>
      <UnstyledButton
        className={classes.row}
        data-conversation={row.conversation}
        {...(here && { "aria-current": true })}
        onClick={() => open(row)}
      >
        <span className={classes.line}>
          <span className={classes.said} data-unread={unread > 0 || undefined}>
            {said || "No text yet"}
          </span>
          {unread > 0 && (
            <Badge
              className={classes.unread ?? ""}
              circle={unread < 10}
              size="sm"
              aria-label={`${unreadWords(unread)} unread`}
            >
              {unreadWords(unread)}
            </Badge>
          )}
        </span>
        <span className={classes.line}>
          <span className={classes.about}>
            {who} · {queue ?? GENERAL} · {title}
          </span>
          <span className={classes.time}>{time}</span>
        </span>
      </UnstyledButton>
    </li>
  );
});
