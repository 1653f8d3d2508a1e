import { Text, Title } from "@mantine/core";
import { wordsOf } from "@parley/shared/session/words";
import { lazy, Suspense, useEffect, useMemo } from "react";
import { Loaded } from "../app/Loaded.js";
import { useSession } from "../app/session.js";
import { useLoad } from "../app/use-load.js";
import { ConversationFacts } from "../conversations/ConversationFacts.js";
import { Notes } from "../conversations/Notes.js";
import { OtherConversations } from "../conversations/OtherConversations.js";
import type { Watched } from "../conversations/use-watched.js";
import { momentAt, type Said, saidIn } from "../conversations/way.js";
import type { Step } from "../document/steps.js";
import classes from "./VisitorPanel.module.css";

// With a drawing, which the inbox can do without until a conversation is open.
const VersionCanvas = lazy(() =>
  import("../conversations/VersionCanvas.js").then((module) => ({ default: module.VersionCanvas })),
);

type VisitorProps = {
  flow: string;
  conversation: string;
  watched: Watched | undefined;
  onStep: (step: Step) => void;
};

/** Who the visitor is: where he came from, what he answered, and the way that he went through the drawing. */
export function VisitorPanel({ flow, conversation, watched, onStep }: VisitorProps) {
  const { api, socket } = useSession();
  const { load, retry, reload } = useLoad(
    async (signal) =>
      (await api("GET /api/flows/{flow}/conversations/{conversation}", { path: { flow, conversation }, signal })).value,
    conversation,
  );
  useEffect(() => socket.listen((news) => news.kind === "Opened" && reload()), [socket, reload]);
  const events = watched?.events;
  const said = useMemo(() => saidIn(events ?? []), [events]);
  const answers = useMemo(() => answersIn(said), [said]);
  const overlay = useMemo(() => {
    const { path, waiting } = momentAt(events ?? [], said.at(-1)?.seq ?? 0);
    return { path, waiting: new Set(waiting) };
  }, [events, said]);
  const reveal = said.findLast(({ state }) => state !== undefined)?.state;
  return (
    <aside className={classes.side} aria-label="The visitor">
      <Loaded load={load} retry={retry} what="This conversation" loading={<div className={classes.facts} />}>
        {(detail) => (
          <>
            <div className={classes.facts}>
              <ConversationFacts conversation={detail} />
              <OtherConversations flow={flow} conversation={conversation} />
              <Notes flow={flow} conversation={conversation} />
              {answers.length > 0 && (
                <section className={classes.answers} aria-labelledby="answers-so-far">
                  <Title order={3} size="h5" id="answers-so-far">
                    Answers so far
                  </Title>
                  <dl>
                    {answers.map(({ seq, asked, answer }) => (
                      <div key={seq}>
                        <dt>{asked}</dt>
                        <dd>{answer}</dd>
                      </div>
                    ))}
                  </dl>
                </section>
              )}
            </div>
            <div className={classes.drawing}>
              <Suspense fallback={<Text p="md">Opening the drawing…</Text>}>
                <VersionCanvas
                  flow={flow}
                  version={detail.version}
                  layer="conversation"
                  overlay={overlay}
                  onStep={onStep}
                  reveal={reveal}
                />
              </Suspense>
            </div>
          </>
        )}
      </Loaded>
    </aside>
  );
}

type Answer = { readonly seq: number; readonly asked: string; readonly answer: string };

/** What the flow asked and the visitor answered; not what was said to a person. */
function answersIn(said: readonly Said[]): Answer[] {
  const asked = new Map<string, string>();
  const answers: Answer[] = [];
  for (const { seq, message, state } of said) {
    if (message.kind === "ChoiceRequest") asked.set(`q:${message.groupId}`, wordsOf(message));
    else if (message.kind === "StartChatSession" && state !== undefined && message.handOff === undefined) {
      asked.set(`t:${message.sessionId}`, wordsOf(message));
    } else if (message.kind === "ChoiceResponse" || message.kind === "UserText") {
      const question = asked.get(message.kind === "UserText" ? `t:${message.sessionId}` : `q:${message.groupId}`);
      if (question !== undefined) answers.push({ seq, asked: question || "Text", answer: wordsOf(message) });
    }
  }
  return answers;
}
