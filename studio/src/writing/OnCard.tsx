import type { ReactNode } from "react";
import { useStore } from "zustand";
import { useDesk } from "../app/editor/desk.js";
import { LazyPart, lazyScript } from "../app/LazyPart.js";
import type { TextRef } from "../document/commands/command.js";
import type { Step } from "../document/steps.js";
import { caretOf } from "../inspector/caret.js";

const writing = lazyScript(() => import("./CardWriting.js").then((module) => module.CardWriting));

/** What a card is edited with is brought before it is asked for: the first letter is text already. */
export function bringWriting(): void {
  if (writing.known !== undefined) return;
  writing.load().then(
    (part) => {
      writing.known = part;
    },
    // It is tried again when somebody writes.
    () => undefined,
  );
}

/** The text of a step that is edited on its card; with `port`, whether it is that way out's. */
export function useWritingOn(step: string, port?: string): TextRef | undefined {
  const { editor, look } = useDesk();
  const field = port === undefined ? "text" : "port";
  return useStore(caretOf(editor), ({ card }) =>
    card?.step === step && card.field === field && card.port === port && !look ? card : undefined,
  );
}

/** The text itself, or what it is edited with. */
export function OnCard({ step, at, children }: { step: Step; at: TextRef | undefined; children: ReactNode }) {
  if (at === undefined) return children;
  return (
    <LazyPart script={writing} what="What texts are edited with" loading={children}>
      {(CardWriting) => <CardWriting step={step} at={at} />}
    </LazyPart>
  );
}
