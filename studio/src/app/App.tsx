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
import { type Route, readRoute, usePath } from "./router.js";
import { Opening, SessionGate } from "./SessionGate.js";

const editor = lazyScript(() => import("./editor/EditorScreen.js").then((module) => module.EditorScreen));
const conversations = lazyScript(() =>
  import("../conversations/ConversationsArea.js").then((module) => module.ConversationsArea),
);
const settings = lazyScript(() => import("../settings/SettingsArea.js").then((module) => module.SettingsArea));
const onPage = (notice: ReactNode) => <Page>{notice}</Page>;

const NAMES: Partial<Record<Route["screen"], string>> = {
  login: "Sign in",
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
      {screen === "flows" && <FlowsScreen />}
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
