import { Button, Center, Loader, SegmentedControl, Text } from "@mantine/core";
import { IconCloudOff, IconLinkOff, IconMessagePlus, IconSend } from "@tabler/icons-react";
import { useCallback, useEffect, useState, useSyncExternalStore } from "react";
import { LazyPart, lazyScript } from "../app/LazyPart.js";
import { Notice } from "../app/Notice.js";
import { CommentList } from "./CommentList.js";
import { SayDialog } from "./SayDialog.js";
import { SharedFrame } from "./SharedFrame.js";
import classes from "./SharedPage.module.css";
import { type Shared, type SharedDesk, useShared } from "./use-shared.js";

/** The drawing is more than all the rest: it comes when there is one, and after the conversation. */
const drawn = lazyScript(() => import("./SharedDrawing.js").then((module) => module.SharedDrawing));

const subscribe = (listener: () => void) => {
  window.addEventListener("hashchange", listener);
  return () => window.removeEventListener("hashchange", listener);
};

/** A draft, shown to somebody without an account: the conversation, the drawing if it was wished, and what one says to it. */
export function SharedPage() {
  const right = useSyncExternalStore(subscribe, () => window.location.hash.slice(1));
  return <Opened key={right} right={right} />;
}

function Opened({ right }: { right: string }) {
  const desk = useShared(right);
  const { shared } = desk;
  const title = shared.state === "ready" ? shared.draft.title : undefined;
  useEffect(() => {
    if (title !== undefined) document.title = title;
  }, [title]);
  if (shared.state === "ready") return <Reading desk={desk} shared={shared} />;
  return (
    <Center component="main" h="100%">
      {shared.state === "loading" ? (
        <Loader role="status" aria-label="Opening" />
      ) : (
        <NotThere state={shared.state} why={shared.why} again={desk.restart} />
      )}
    </Center>
  );
}

type NotThereProps = { state: "over" | "offline" | "refused"; why: string; again: () => void };

function NotThere({ state, why, again }: NotThereProps) {
  if (state === "over")
    return (
      <Notice whole alert icon={IconLinkOff} title="This link is over">
        {why}
      </Notice>
    );
  return (
    <Notice
      whole
      alert
      icon={IconCloudOff}
      title={state === "offline" ? "The server cannot be reached" : "The draft could not be opened"}
      actions={<Button onClick={again}>Try again</Button>}
    >
      {state === "offline" ? "This page goes on by itself when the network is back." : why}
    </Notice>
  );
}

type Dialog = { readonly kind: "comment"; readonly seq: number | undefined } | { readonly kind: "send" | "comments" };

function Reading({ desk, shared }: { desk: SharedDesk; shared: Extract<Shared, { state: "ready" }> }) {
  const { draft, ticket } = shared;
  const [view, setView] = useState("conversation");
  const [dialog, setDialog] = useState<Dialog>();
  const [said, setSaid] = useState("");
  const close = useCallback(() => setDialog(undefined), []);
  const onMessage = useCallback((seq: number) => setDialog({ kind: "comment", seq }), []);
  const seq = dialog?.kind === "comment" ? dialog.seq : undefined;
  const open = (kind: Dialog["kind"]) => {
    setSaid("");
    setDialog(kind === "comment" ? { kind, seq: undefined } : { kind });
  };
  return (
    <div className={classes.page}>
      <header className={classes.head}>
        <div className={classes.what}>
          <h1 className={classes.title} title={draft.title}>
            {draft.title}
          </h1>
          <Text size="xs" c="dimmed">
            {draft.follows ? "A draft, as it is edited" : "A draft, as it was when it was shared"}
          </Text>
        </div>
        {draft.drawn && (
          <SegmentedControl
            className={classes.switch ?? ""}
            size="sm"
            aria-label="What is shown"
            value={view}
            onChange={setView}
            data={VIEWS}
          />
        )}
      </header>
      <main className={classes.body} data-view={draft.drawn ? view : undefined}>
        {draft.drawn && (
          <section className={classes.drawing} aria-label="Drawing">
            {desk.drawing && (
              <LazyPart script={drawn} what="The drawing" loading={<Waiting />}>
                {(SharedDrawing) => <SharedDrawing drawing={desk.drawing!} title={draft.title} />}
              </LazyPart>
            )}
          </section>
        )}
        <section className={classes.talk} aria-label="Conversation">
          <SharedFrame ticket={ticket} marked={seq} onMessage={onMessage} />
          <div className={classes.foot}>
            <Button size="sm" leftSection={<IconMessagePlus size={16} aria-hidden />} onClick={() => open("comment")}>
              Comment
            </Button>
            <Button
              size="sm"
              variant="default"
              leftSection={<IconSend size={16} aria-hidden />}
              onClick={() => open("send")}
            >
              Send conversation
            </Button>
            {desk.comments.length > 0 && (
              <Button size="sm" variant="subtle" onClick={() => open("comments")}>
                {desk.comments.length === 1 ? "1 comment" : `${desk.comments.length} comments`}
              </Button>
            )}
          </div>
          <Text size="xs" c="dimmed" className={classes.hint ?? ""} role="status">
            {said || "Tap a message to comment on it."}
          </Text>
        </section>
      </main>
      {dialog?.kind === "comment" && (
        <SayDialog
          title="Comment"
          about={seq === undefined ? "On what the bot said last." : "On the message that is outlined."}
          writes
          label="Send"
          close={close}
          say={async (author, text) => {
            await desk.comment(seq, author, text);
            setSaid("Your comment is with who shared this.");
          }}
        />
      )}
      {dialog?.kind === "send" && (
        <SayDialog
          title="Send conversation"
          about="Who shared this sees what you answered, and can keep it as a test."
          writes={false}
          label="Send"
          close={close}
          say={async (author) => {
            await desk.send(author);
            setSaid("Your conversation is with who shared this.");
          }}
        />
      )}
      {dialog?.kind === "comments" && <CommentList comments={desk.comments} close={close} />}
    </div>
  );
}

const VIEWS = [
  { value: "conversation", label: "Conversation" },
  { value: "drawing", label: "Drawing" },
];

function Waiting() {
  return (
    <Center h="100%">
      <Loader role="status" aria-label="Opening the drawing" />
    </Center>
  );
}
