import { MantineProvider } from "@mantine/core";
import { Notifications } from "@mantine/notifications";
import { type ReactNode, useEffect } from "react";
import { cssVariables, theme } from "../theme/theme.js";
import { TypebotDialog } from "../typebot/TypebotDialog.js";
import { Boundary } from "./Boundary.js";
import { EditorSkeleton } from "./editor/EditorSkeleton.js";
import { FlowsScreen } from "./flows/FlowsScreen.js";
import { LazyPart, lazyScript } from "./LazyPart.js";
import { LinkScreen } from "./login/LinkScreen.js";
import { NotFound } from "./NotFound.js";
import { Page } from "./Page.js";
import { INBOX_PATH, navigate, type Route, readRoute, usePath } from "./router.js";
import { Opening, SessionGate } from "./SessionGate.js";
import { mayAnswer, mayWrite, useSession } from "./session.js";

const editor = lazyScript(() => import("./editor/EditorScreen.js").then((module) => module.EditorScreen));
const conversations = lazyScript(() =>
  import("../conversations/ConversationsArea.js").then((module) => module.ConversationsArea),
);
const settings = lazyScript(() => import("../settings/SettingsArea.js").then((module) => module.SettingsArea));
const inbox = lazyScript(() => import("../inbox/InboxScreen.js").then((module) => module.InboxScreen));
const onPage = (notice: ReactNode) => <Page>{notice}</Page>;

const NAMES: Partial<Record<Route["screen"], string>> = {
  login: "Sign in",
  inbox: "Inbox",
  conversations: "Conversations",
  conversation: "Conversation",
  answers: "Answers",
  counts: "Counts",
  settings: "Settings",
};

/** The whole studio. `nonce` is this response's, for style elements. */
export function App({ nonce }: { nonce: string }) {
  return (
    <MantineProvider
      theme={theme}
      cssVariablesResolver={cssVariables}
      defaultColorScheme="auto"
      getStyleNonce={() => nonce}
    >
      <Notifications position="bottom-center" limit={3} />
      <Routed />
    </MantineProvider>
  );
}

/** Another screen has another chance. */
function Routed() {
  const path = usePath();
  return (
    <Boundary path={path}>
      <Screens />
    </Boundary>
  );
}

/** Whether the studio was opened here: who only answers conversations comes in at the inbox then. */
let opened = true;

function Home({ children }: { children: ReactNode }) {
  const { me } = useSession();
  const toInbox = opened && mayAnswer(me) && !mayWrite(me);
  useEffect(() => {
    opened = false;
    if (toInbox) navigate(INBOX_PATH, { replace: true });
  }, [toInbox]);
  return toInbox ? null : children;
}

function Screens() {
  const path = usePath();
  const route = readRoute(path);
  const { screen } = route;
  useEffect(() => {
    // The editor names itself after its flow.
    if (screen !== "editor") document.title = `${NAMES[screen] ?? "Flows"} · Parley`;
  }, [screen]);
  if (screen === "login") return <LinkScreen />;
  return (
    <SessionGate>
      {screen === "flows" && (
        <Home>
          <FlowsScreen />
        </Home>
      )}
      {screen === "inbox" && (
        <LazyPart script={inbox} what="The inbox" loading={<Opening />} around={onPage}>
          {(InboxScreen) => <InboxScreen />}
        </LazyPart>
      )}
      {screen === "editor" && (
        <LazyPart script={editor} what="The editor" loading={<EditorSkeleton />} around={onPage}>
          {(EditorScreen) => <EditorScreen key={route.flow} flow={route.flow} />}
        </LazyPart>
      )}
      {(screen === "conversations" || screen === "conversation" || screen === "answers" || screen === "counts") && (
        <LazyPart script={conversations} what="This screen" loading={<Opening />} around={onPage}>
          {(ConversationsArea) => <ConversationsArea route={route} />}
        </LazyPart>
      )}
      {screen === "settings" && (
        <LazyPart script={settings} what="This screen" loading={<Opening />} around={onPage}>
          {(SettingsArea) => <SettingsArea part={route.part} />}
        </LazyPart>
      )}
      {screen === "unknown" && <NotFound />}
      <TypebotDialog key={path} />
    </SessionGate>
  );
}
