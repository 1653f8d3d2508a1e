import { ActionIcon, SegmentedControl, Skeleton, Stack, Title, Tooltip } from "@mantine/core";
import { useMediaQuery } from "@mantine/hooks";
import type { ConversationDetail } from "@parley/shared/api/conversations";
import { IconArrowLeft } from "@tabler/icons-react";
import { useEffect, useMemo, useState } from "react";
import { Loaded } from "../app/Loaded.js";
import { Page } from "../app/Page.js";
import { conversationsPath } from "../app/router.js";
import { followLink } from "../app/StudioLink.js";
import { mayAnswer, mayErase, mayWrite, useSession } from "../app/session.js";
import { useLoad } from "../app/use-load.js";
import type { Step } from "../document/steps.js";
import { FRAME } from "../theme/theme.js";
import type { AboutFlow } from "./AreaHead.js";
import { ConversationFacts } from "./ConversationFacts.js";
import classes from "./ConversationScreen.module.css";
import { DoctorButton } from "./DoctorButton.js";
import { EraseButton } from "./EraseButton.js";
import { ExportMenu } from "./ExportMenu.js";
import { Notes } from "./Notes.js";
import { OtherConversations } from "./OtherConversations.js";
import { PersonPanel } from "./PersonPanel.js";
import { SaveTestButton } from "./SaveTestButton.js";
import { StatusBadge } from "./StatusBadge.js";
import { TimeSlider } from "./TimeSlider.js";
import { Transcript } from "./Transcript.js";
import { useWatched, type Watched } from "./use-watched.js";
import { VersionCanvas } from "./VersionCanvas.js";
import { momentAt, saidIn } from "./way.js";

/** One conversation: what was said, beside the way that it went through the drawing of its version. */
export function ConversationScreen({ flow, id }: { flow: AboutFlow; id: string }) {
  const { api, socket, me } = useSession();
  const { load, retry, reload } = useLoad(
    async (signal) =>
      (
        await api("GET /api/flows/{flow}/conversations/{conversation}", {
          path: { flow: flow.id, conversation: id },
          signal,
        })
      ).value,
    id,
  );
  const watched = useWatched(flow.id, id);
  // While its erasing is told about, nothing of it is asked for.
  const [erasing, setErasing] = useState(false);
  useEffect(
    () =>
      socket.listen((news) => {
        const mine = news.kind === "ConversationsChanged" && news.flow === flow.id;
        if (!erasing && (mine || news.kind === "Opened")) reload();
      }),
    [socket, flow.id, reload, erasing],
  );
  const status = load.state === "ready" ? load.value.status : undefined;
  return (
    <Page filled>
      <div className={classes.screen}>
        <header className={classes.head}>
          <Tooltip label="All conversations of this flow">
            <ActionIcon
              component="a"
              href={conversationsPath(flow.id)}
              onClick={(event) => followLink(event, conversationsPath(flow.id))}
              variant="subtle"
              color="gray"
              size={36}
              aria-label="All conversations of this flow"
            >
              <IconArrowLeft size={19} aria-hidden />
            </ActionIcon>
          </Tooltip>
          <Title order={1} size="h2" className={classes.title ?? ""}>
            Conversation {id.slice(0, 8)}
          </Title>
          {status && <StatusBadge status={status} />}
          <span className={classes.spread} />
          {mayWrite(me) && load.state === "ready" && <SaveTestButton flow={flow.id} conversation={load.value} />}
          <ExportMenu flow={flow.id} query={{ conversation: id }} />
          {mayErase(me) && <EraseButton flow={flow.id} id={id} onErasing={setErasing} />}
        </header>
        <Loaded load={load} retry={retry} what="This conversation" loading={<Waiting />}>
          {(conversation) => <Both flow={flow.id} conversation={conversation} watched={watched} erasing={erasing} />}
        </Loaded>
      </div>
    </Page>
  );
}

type BothProps = {
  flow: string;
  conversation: ConversationDetail;
  watched: Watched | undefined;
  erasing: boolean;
};

function Both({ flow, conversation, watched, erasing }: BothProps) {
  const { me } = useSession();
  const { version, status } = conversation;
  const events = watched?.events ?? conversation.events;
  const said = useMemo(() => saidIn(events), [events]);
  const newest = said.at(-1)?.seq ?? 0;
  // Undefined: the newest, also when more is said.
  const [chosen, setChosen] = useState<number>();
  const at = chosen ?? newest;
  const [step, setStep] = useState<Step>();
  const lit = useMemo(() => new Set(step?.states), [step]);
  const overlay = useMemo(() => {
    const { path, waiting } = momentAt(events, at);
    return { path, waiting: new Set(waiting) };
  }, [events, at]);
  const reveal = said.findLast(({ seq, state }) => seq <= at && state !== undefined)?.state;
  const narrow = useMediaQuery(`(max-width: ${FRAME.narrow}px)`, false, { getInitialValueInEffect: false });
  const [tab, setTab] = useState<"said" | "drawing">("said");
  const select = (seq: number) => setChosen(seq === newest ? undefined : seq);
  const doctor = <DoctorButton flow={flow} id={conversation.id} />;
  const transcript = (
    <div className={classes.side}>
      <div className={classes.said}>
        <ConversationFacts conversation={conversation} />
        {!erasing && (
          <>
            <OtherConversations flow={flow} conversation={conversation.id} />
            <Notes flow={flow} conversation={conversation.id} />
          </>
        )}
        <Transcript said={said} at={at} lit={lit} select={select} />
      </div>
      {watched && mayAnswer(me) && status !== "left" ? (
        <PersonPanel flow={flow} id={conversation.id} watched={watched} step={step} doctor={doctor} />
      ) : (
        <div className={classes.foot}>{doctor}</div>
      )}
    </div>
  );
  const drawing = (
    <div className={classes.drawing}>
      <VersionCanvas
        flow={flow}
        version={version}
        layer="conversation"
        overlay={overlay}
        onStep={setStep}
        reveal={reveal}
      />
      <TimeSlider said={said} at={at} select={select} />
    </div>
  );
  if (!narrow)
    return (
      <div className={classes.both}>
        {transcript}
        {drawing}
      </div>
    );
  return (
    <>
      <SegmentedControl
        className={classes.tabs ?? ""}
        aria-label="What is shown"
        value={tab}
        onChange={(value) => setTab(value as typeof tab)}
        data={[
          { value: "said", label: "What was said" },
          { value: "drawing", label: "Drawing" },
        ]}
      />
      <div className={classes.both}>{tab === "said" ? transcript : drawing}</div>
    </>
  );
}

function Waiting() {
  return (
    <div className={classes.both} aria-hidden>
      <Stack className={classes.side ?? ""} p="md" gap="md">
        {[70, 50, 80, 60].map((width) => (
          <Skeleton key={width} height={40} width={`${width}%`} radius="lg" />
        ))}
      </Stack>
      <Skeleton className={classes.drawing ?? ""} radius={0} />
    </div>
  );
}
