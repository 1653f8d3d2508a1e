import { IconLock } from "@tabler/icons-react";
import { lazy, Suspense } from "react";
import { Loaded } from "../app/Loaded.js";
import { Notice } from "../app/Notice.js";
import { Page } from "../app/Page.js";
import type { Route } from "../app/router.js";
import { Opening } from "../app/SessionGate.js";
import { mayReadConversations, useSession } from "../app/session.js";
import { useLoad } from "../app/use-load.js";
import { AnswersScreen } from "./AnswersScreen.js";
import { ConversationsScreen } from "./ConversationsScreen.js";

// With a drawing, which the lists can do without.
const ConversationScreen = lazy(() =>
  import("./ConversationScreen.js").then((module) => ({ default: module.ConversationScreen })),
);
const CountsScreen = lazy(() => import("./CountsScreen.js").then((module) => ({ default: module.CountsScreen })));

type AreaRoute = Extract<Route, { screen: "conversations" | "conversation" | "answers" | "counts" }>;

/** Everything about what visitors said: of one flow, or of all. */
export function ConversationsArea({ route }: { route: AreaRoute }) {
  const { me } = useSession();
  if (route.screen !== "counts" && !mayReadConversations(me))
    return (
      <Page>
        <Notice whole icon={IconLock} title="You may not read conversations">
          An owner can give you the role editor or operator.
        </Notice>
      </Page>
    );
  if (route.flow === undefined) return <ConversationsScreen />;
  return <OfFlow key={route.flow} flow={route.flow} route={route} />;
}

function OfFlow({ flow, route }: { flow: string; route: AreaRoute }) {
  const { api } = useSession();
  const { load, retry } = useLoad(
    async (signal) => (await api("GET /api/flows/{flow}", { path: { flow }, signal })).value,
    flow,
  );
  if (load.state !== "ready" && load.state !== "loading")
    return (
      <Page>
        <Loaded whole load={load} retry={retry} what="The flow" loading={null}>
          {() => null}
        </Loaded>
      </Page>
    );
  // The title comes behind: nothing waits for it.
  const summary = load.state === "ready" ? load.value : undefined;
  const about = { id: flow, title: summary?.title ?? "", live: summary?.live?.version };
  switch (route.screen) {
    case "conversations":
      return <ConversationsScreen flow={about} />;
    case "conversation":
      return (
        <Suspense fallback={<Opening />}>
          <ConversationScreen key={route.id} flow={about} id={route.id} />
        </Suspense>
      );
    case "answers":
      return <AnswersScreen flow={about} />;
    case "counts":
      return (
        <Suspense fallback={<Opening />}>
          <CountsScreen flow={about} />
        </Suspense>
      );
  }
}
