import { ActionIcon, Button, Group, Menu, Modal, SegmentedControl, Switch, Text, Tooltip } from "@mantine/core";
import { useMediaQuery } from "@mantine/hooks";
import type { InboxRow } from "@parley/shared/api/inbox";
import {
  IconBell,
  IconChartBar,
  IconCloudOff,
  IconHelp,
  IconLock,
  IconMessages,
  IconSettings,
} from "@tabler/icons-react";
import { useEffect, useRef, useState } from "react";
import { Notice } from "../app/Notice.js";
import { Page } from "../app/Page.js";
import { Opening } from "../app/SessionGate.js";
import { mayAnswer, useSession } from "../app/session.js";
import { useDeeds } from "../conversations/use-deeds.js";
import { useWatched } from "../conversations/use-watched.js";
import type { Step } from "../document/steps.js";
import { FRAME } from "../theme/theme.js";
import { useAlerts } from "./alerts.js";
import { FiguresDialog } from "./FiguresDialog.js";
import { InboxConversation } from "./InboxConversation.js";
import { InboxList } from "./InboxList.js";
import classes from "./InboxScreen.module.css";
import { type InboxState, rowsOf, sessionOf, type Tab, unreadIn } from "./inbox.js";
import { KeyList, useInboxKeys } from "./keys.js";
import { QueuesDialog } from "./QueuesDialog.js";
import { useInbox } from "./use-inbox.js";
import { useOutbox } from "./use-outbox.js";
import { VisitorPanel } from "./VisitorPanel.js";

/** Where people answer visitors all day: what waits, what is theirs, and the conversation in hand. */
export function InboxScreen() {
  const { me } = useSession();
  const alerts = useAlerts();
  const { state, online } = useInbox(alerts.tell);
  if (!mayAnswer(me))
    return (
      <Page>
        <Notice whole icon={IconLock} title="You may not answer conversations">
          An owner can give you the role editor or operator.
        </Notice>
      </Page>
    );
  if (state === undefined)
    return (
      <Page filled>
        {online ? (
          <Opening />
        ) : (
          <Notice alert whole icon={IconCloudOff} title="The server cannot be reached">
            Check that it is running and that this device is online. This screen goes on by itself.
          </Notice>
        )}
      </Page>
    );
  return (
    <Page filled>
      <Desk state={state} online={online} alerts={alerts} />
    </Page>
  );
}

type View = "list" | "said" | "visitor";
type Chosen = { readonly conversation: string; readonly flow: string };

function Desk({ state, online, alerts }: { state: InboxState; online: boolean; alerts: ReturnType<typeof useAlerts> }) {
  const { me } = useSession();
  const by = `person:${me.name}`;
  const [tab, setTab] = useState<Tab>("waiting");
  const [queue, setQueue] = useState<string>();
  const [chosen, setChosen] = useState<Chosen>();
  const [view, setView] = useState<View>("list");
  const [keys, setKeys] = useState(false);
  const narrow = useMediaQuery(`(max-width: ${FRAME.narrow}px)`, false, { getInitialValueInEffect: false });
  const middling = useMediaQuery("(max-width: 1100px)", false, { getInitialValueInEffect: false });
  const open = ({ conversation, flow }: InboxRow) => {
    setChosen({ conversation, flow });
    setView("said");
  };
  useTitle(state, by);
  const side = middling && view === "visitor";
  return (
    <div className={classes.screen}>
      <Bar state={state} online={online} alerts={alerts} showKeys={() => setKeys(true)} />
      <div className={classes.panes}>
        {(!narrow || view === "list") && (
          <InboxList
            state={state}
            tab={tab}
            queue={queue}
            me={by}
            shown={chosen?.conversation}
            change={(change) => {
              if (change.tab) setTab(change.tab);
              if ("queue" in change) setQueue(change.queue);
            }}
            open={open}
          />
        )}
        {chosen
          ? (!narrow || view !== "list") && (
              <InHand
                key={chosen.conversation}
                {...{ state, chosen, side, middling, narrow, setView, setTab, open }}
                rows={rowsOf(state, tab, by, queue)}
                showKeys={() => setKeys(true)}
              />
            )
          : !narrow && (
              <NoneInHand
                state={state}
                rows={rowsOf(state, tab, by, queue)}
                open={open}
                showKeys={() => setKeys(true)}
              />
            )}
      </div>
      <Modal opened={keys} onClose={() => setKeys(false)} title="Keys of the inbox">
        <KeyList />
      </Modal>
    </div>
  );
}

type BarProps = {
  state: InboxState;
  online: boolean;
  alerts: ReturnType<typeof useAlerts>;
  showKeys: () => void;
};

/** Whether one is there for visitors, how one wants to be told, and what is set. */
function Bar({ state, online, alerts: { wanted, want }, showKeys }: BarProps) {
  const { api, me } = useSession();
  const [problem, setProblem] = useState<string>();
  const [dialog, setDialog] = useState<"queues" | "figures">();
  // What was just said is shown at once, until the server tells it.
  const [said, setSaid] = useState<boolean>();
  const told = state.available;
  useEffect(() => setSaid((before) => (before === told ? undefined : before)), [told]);
  const set = (available: boolean) => {
    setSaid(available);
    return api("PUT /api/availability", { body: { available } }).then(
      () => setProblem(undefined),
      (error: unknown) => {
        setSaid(undefined);
        setProblem(error instanceof Error ? error.message : String(error));
      },
    );
  };
  return (
    <header className={classes.bar}>
      <h1 className="parley-unseen">Inbox</h1>
      <Switch
        label="I am available"
        checked={said ?? told}
        onChange={({ currentTarget }) => void set(currentTarget.checked)}
      />
      {!online && (
        <Text size="sm" c="var(--parley-problem)" role="status">
          The server cannot be reached. What you write is sent when it is back.
        </Text>
      )}
      {problem !== undefined && (
        <Text size="sm" c="var(--parley-problem)" role="alert">
          {problem}
        </Text>
      )}
      <span className={classes.spread} />
      <Group gap={4} wrap="nowrap">
        <Menu position="bottom-end" width={280} closeOnItemClick={false}>
          <Menu.Target>
            <Tooltip label="How I am told">
              <ActionIcon variant="subtle" color="gray" size={36} aria-label="How I am told">
                <IconBell size={19} aria-hidden />
              </ActionIcon>
            </Tooltip>
          </Menu.Target>
          <Menu.Dropdown>
            <Menu.Label>When somebody waits, or writes to me</Menu.Label>
            <Menu.CheckboxItem checked={wanted.sound} onChange={(sound) => void want({ sound })}>
              Play a sound
            </Menu.CheckboxItem>
            <Menu.CheckboxItem checked={wanted.desktop} onChange={(desktop) => void want({ desktop })}>
              Show it on the desktop
            </Menu.CheckboxItem>
          </Menu.Dropdown>
        </Menu>
        <BarButton label="Figures" icon={IconChartBar} press={() => setDialog("figures")} />
        {me.rights.includes("access:manage") && (
          <BarButton label="Queues" icon={IconSettings} press={() => setDialog("queues")} />
        )}
        <BarButton label="Keys" icon={IconHelp} press={showKeys} />
      </Group>
      {dialog === "queues" && <QueuesDialog people={state.people} close={() => setDialog(undefined)} />}
      {dialog === "figures" && <FiguresDialog close={() => setDialog(undefined)} />}
    </header>
  );
}

type BarButtonProps = { label: string; icon: typeof IconHelp; press: () => void };
const BarButton = ({ label, icon: Icon, press }: BarButtonProps) => (
  <Tooltip label={label}>
    <ActionIcon variant="subtle" color="gray" size={36} aria-label={label} onClick={press}>
      <Icon size={19} aria-hidden />
    </ActionIcon>
  </Tooltip>
);

type NoneProps = { state: InboxState; rows: readonly InboxRow[]; open: (row: InboxRow) => void; showKeys: () => void };

function NoneInHand({ state, rows, open, showKeys }: NoneProps) {
  const waiting = rowsOf(state, "waiting", "");
  const next = waiting[0];
  useInboxKeys({ rows, shown: undefined, open, next, help: showKeys });
  return (
    <section className={classes.none} aria-label="Conversation">
      <Notice
        icon={IconMessages}
        title={next ? `${waiting.length} waiting` : "Nobody waits"}
        {...(next && { actions: <Button onClick={() => open(next)}>Open the next one</Button> })}
      >
        {next ? "Choose a conversation on the left." : "A conversation that waits for a person appears here by itself."}
      </Notice>
    </section>
  );
}

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
function InHand({ state, chosen, rows, side, middling, narrow, setView, setTab, open, showKeys }: InHandProps) {
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

/** How much waits for somebody, in the title of the tab: what nobody has, and what was written in one's own. */
function useTitle(state: InboxState, me: string): void {
  const waiting = rowsOf(state, "waiting", me).length;
  const wrote = rowsOf(state, "mine", me).filter((row) => unreadIn(row, state.marks) > 0).length;
  const count = waiting + wrote;
  useEffect(() => {
    document.title = `${count > 0 ? `(${count}) ` : ""}Inbox · Parley`;
  }, [count]);
}
