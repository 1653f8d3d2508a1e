import { type ReactNode, type RefObject, useEffect } from "react";
import { useStore } from "zustand";
import { useDesk } from "../app/editor/desk.js";
import { LazyPart, lazyScript } from "../app/LazyPart.js";
import type { TextRef } from "../document/commands/command.js";
import type { Step } from "../document/steps.js";
import { caretOf } from "../inspector/caret.js";

const writing = lazyScript(() => import("./CardWriting.js").then((module) => module.CardWriting));

/** What a card is edited with is brought as soon as somebody does something there: the first letter is text already. */
export function useWritingBrought(canvas: RefObject<HTMLElement | null>, readOnly: boolean): void {
  useEffect(() => {
    const element = canvas.current;
    if (element === null || readOnly || writing.known !== undefined) return;
    const all = new AbortController();
    const bring = () => {
      all.abort();
      bringWriting();
    };
    for (const act of ["pointermove", "pointerdown", "keydown"]) element.addEventListener(act, bring, all);
    return () => all.abort();
  }, [canvas, readOnly]);
}

function bringWriting(): void {
  writing.load().then(
    (part) => {
      writing.known = part;
    },
    // It is tried again when somebody writes.
    () => undefined,
  );
}

/** A text of a step, while that is edited on its card. */
export function useWritingOn({ step, field, port }: TextRef): TextRef | undefined {
  const { editor, look } = useDesk();
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
