import { MantineProvider } from "@mantine/core";
import { Notifications } from "@mantine/notifications";
import { lazy, Suspense, useEffect } from "react";
import { cssVariables, theme } from "../theme/theme.js";
import { FlowsScreen } from "./flows/FlowsScreen.js";
import { LinkScreen } from "./login/LinkScreen.js";
import { NotFound } from "./NotFound.js";
import { readRoute, usePath } from "./router.js";
import { Opening, SessionGate } from "./SessionGate.js";

const EditorScreen = lazy(() =>
  import("./editor/EditorScreen.js").then((module) => ({ default: module.EditorScreen })),
);

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
      <Screens />
    </MantineProvider>
  );
}

function Screens() {
  const route = readRoute(usePath());
  const { screen } = route;
  useEffect(() => {
    // The editor names itself after its flow.
    if (screen !== "editor") document.title = screen === "login" ? "Sign in · Parley" : "Flows · Parley";
  }, [screen]);
  if (screen === "login") return <LinkScreen />;
  return (
    <SessionGate>
      {screen === "flows" && <FlowsScreen />}
      {screen === "editor" && (
        <Suspense fallback={<Opening />}>
          <EditorScreen key={route.flow} flow={route.flow} />
        </Suspense>
      )}
      {screen === "unknown" && <NotFound />}
    </SessionGate>
  );
}
