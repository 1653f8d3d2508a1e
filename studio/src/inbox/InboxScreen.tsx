import { Button, Modal } from "@mantine/core";
import { useMediaQuery } from "@mantine/hooks";
import type { InboxRow } from "@parley/shared/api/inbox";
import { IconCloudOff, IconLock, IconMessages } from "@tabler/icons-react";
import { useEffect, useState } from "react";
import { Notice } from "../app/Notice.js";
import { Page } from "../app/Page.js";
import { Opening } from "../app/SessionGate.js";
import { mayAnswer, useSession } from "../app/session.js";
import { FRAME } from "../theme/theme.js";
import { useAlerts } from "./alerts.js";
import { InboxBar } from "./InboxBar.js";
import { InboxList } from "./InboxList.js";
import classes from "./InboxScreen.module.css";
import { type Chosen, InHand, type View } from "./InHand.js";
import { type InboxState, rowsOf, type Tab, unreadIn } from "./inbox.js";
import { KeyList, useInboxKeys } from "./keys.js";
import { useInbox } from "./use-inbox.js";

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
      <InboxBar state={state} online={online} alerts={alerts} showKeys={() => setKeys(true)} />
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

/** How much waits for somebody, in the title of the tab: what nobody has, and what was written in one's own. */
function useTitle(state: InboxState, me: string): void {
  const waiting = rowsOf(state, "waiting", me).length;
  const wrote = rowsOf(state, "mine", me).filter((row) => unreadIn(row, state.marks) > 0).length;
  const count = waiting + wrote;
  useEffect(() => {
    document.title = `${count > 0 ? `(${count}) ` : ""}Inbox · Parley`;
  }, [count]);
}
