import { SegmentedControl } from "@mantine/core";
import type { InboxRow } from "@parley/shared/api/inbox";
import { useEffect, useRef, useState } from "react";
import { useSession } from "../app/session.js";
import { useDeeds } from "../conversations/use-deeds.js";
import { useWatched } from "../conversations/use-watched.js";
import type { Step } from "../document/steps.js";
import { InboxConversation } from "./InboxConversation.js";
import classes from "./InboxScreen.module.css";
import { type InboxState, rowsOf, sessionOf, type Tab } from "./inbox.js";
import { useInboxKeys } from "./keys.js";
import { useOutbox } from "./use-outbox.js";
import { VisitorPanel } from "./VisitorPanel.js";

/** What a narrow screen shows of the inbox. */
export type View = "list" | "said" | "visitor";
/** The conversation in hand. */
export type Chosen = { readonly conversation: string; readonly flow: string };

type InHandProps = {
  state: InboxState;
  chosen: Chosen;
  rows: readonly InboxRow[];
  side: boolean;
  middling: boolean;
  narrow: boolean;
  setView: (view: View) => void;
  setTab: (tab: Tab) => void;
  open: (row: InboxRow) => void;
  showKeys: () => void;
};

/** The conversation in hand and its visitor. */
export function InHand({ state, chosen, rows, side, middling, narrow, setView, setTab, open, showKeys }: InHandProps) {
  const { me, socket } = useSession();
  const { conversation, flow } = chosen;
  const row = state.rows.get(conversation);
  const watched = useWatched(flow, conversation);
  const deeds = useDeeds(flow, conversation, watched ?? { events: [] });
  const outbox = useOutbox();
  const field = useRef<HTMLTextAreaElement>(null);
  const [step, setStep] = useState<Step>();
  const [passing, setPassing] = useState(false);
  const mine = watched?.holder?.by === `person:${me.name}`;
  const act = watched?.act;
  // Asked for before the conversation was there: two keys one after the other.
  const wanted = useRef(false);
  const take = async () => {
    wanted.current = watched === undefined;
    if (!watched || mine) return;
    const done = await deeds.act({
      kind: "Takeover",
      name: me.shown ?? me.name,
      ...(act !== undefined && { after: act }),
    });
    if (done) setTab("mine");
  };
  const takes = useRef(take);
  takes.current = take;
  useEffect(() => {
    if (watched && wanted.current) void takes.current();
  }, [watched]);
  const giveBack = () => {
    if (mine && act !== undefined) void deeds.act({ kind: "GiveBack", after: act });
  };
  const next = rowsOf(state, "waiting", "").find((one) => one.conversation !== conversation);
  useInboxKeys({
    rows,
    shown: conversation,
    open,
    next,
    take: () => void take(),
    reply: () => field.current?.focus(),
    giveBack,
    pass: () => setPassing(true),
    help: showKeys,
  });
  // One has just taken it: what one does next is to write.
  const had = useRef(mine);
  useEffect(() => {
    if (mine && !had.current) field.current?.focus();
    had.current = mine;
  }, [mine]);
  const newest = watched?.events.findLast((event) => event.kind === "message");
  const seq = newest?.kind === "message" ? newest.seq : 0;
  const read = state.marks[sessionOf(conversation)] ?? 0;
  const unread = row !== undefined && (row.texts.at(-1) ?? 0) > read && seq > read;
  useEffect(() => {
    const mark = () => {
      if (unread && document.visibilityState === "visible") socket.read(conversation, seq);
    };
    mark();
    document.addEventListener("visibilitychange", mark);
    return () => document.removeEventListener("visibilitychange", mark);
  }, [unread, seq, conversation, socket]);
  return (
    <div className={classes.hand}>
      {middling && (
        <SegmentedControl
          className={classes.tabs ?? ""}
          aria-label="What is shown"
          value={side ? "visitor" : "said"}
          onChange={(value) => setView(value as View)}
          data={[
            { value: "said", label: "Conversation" },
            { value: "visitor", label: "Visitor" },
          ]}
        />
      )}
      <div className={classes.both}>
        {!side && (
          <InboxConversation
            {...{ row, conversation, flow, watched, deeds, step, outbox, field, passing, setPassing, giveBack }}
            staff={state}
            take={() => void take()}
            back={narrow ? () => setView("list") : undefined}
          />
        )}
        {(!middling || side) && (
          <VisitorPanel flow={flow} conversation={conversation} watched={watched} onStep={setStep} />
        )}
      </div>
    </div>
  );
}
