import { useEffect } from "react";
import { useDesk, useEditor } from "../app/editor/desk.js";
import { useTouch } from "../app/use-touch.js";
import type { TextRef } from "../document/commands/command.js";
import type { Port, Step } from "../document/steps.js";
import { dropAnswer, pasteAnswers } from "../inspector/answer-gestures.js";
import { caretOf } from "../inspector/caret.js";
import { conflictOf } from "../inspector/conflict-words.js";
import { linesOf } from "../inspector/pasted-answers.js";
import { editOnCard, goOn, leaveCard } from "./on-card.js";
import { RichField } from "./RichField.js";

type CardWritingProps = { step: Step; at: TextRef };

/** A text of a step while it is edited on its card. */
export function CardWriting({ step, at }: CardWritingProps) {
  const desk = useDesk();
  const breaks = useTouch();
  const caret = caretOf(desk.editor);
  const port = at.field === "port" ? step.ports.find(({ id }) => id === at.port) : undefined;
  // Somebody else changed it, too: both texts are seen in the panel.
  const isDisputed = useEditor(({ conflicts, steps }) => conflictOf(conflicts, steps, at) !== undefined);
  useEffect(() => {
    if (!isDisputed) return;
    leaveCard(desk, at);
    caretOf(desk.editor).setState({ onCards: false });
    desk.editor.getState().run({ changes: [], focus: at }, "Edit");
  }, [isDisputed, desk, at]);
  const paste = (text: string, before: string, after: string): boolean => {
    const lines = port === undefined ? undefined : linesOf(text);
    if (port === undefined || lines === undefined) return false;
    pasteAnswers(desk, { step: step.id, port: port.id }, lines, before, after);
    return true;
  };
  const drop = (port: Port) => {
    const near = dropAnswer(desk, { step: step.id, port: port.id });
    if (near !== undefined && near !== port.id) editOnCard(desk, { step: step.id, field: "port", port: near });
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: it only sees the keyboard leave
    <div
      data-writing
      onBlur={({ currentTarget, relatedTarget }) => {
        if (!currentTarget.contains(relatedTarget)) leaveCard(desk, at);
      }}
    >
      <RichField
        key={`${at.step}\n${at.field}\n${at.port ?? ""}`}
        at={at}
        label={labelOf(step, at, port)}
        where={port?.kind === "text" || at.field === "prompt" ? "plain" : port === undefined ? "text" : "choice"}
        over={caret.getState().over}
        breaks={breaks && at.field === "text"}
        onGo={(key) => goOn(desk, step, at, key)}
        onBack={() => {
          leaveCard(desk, at);
          desk.canvas.current?.focus();
        }}
        onLines={paste}
        {...(port && { onEmpty: () => drop(port) })}
      />
    </div>
  );
}

function labelOf(step: Step, { field }: TextRef, port: Port | undefined): string {
  if (field === "prompt") return "Placeholder on the card";
  if (port === undefined) return step.kind === "question" ? "Question on the card" : "Text on the card";
  const index = step.ports.indexOf(port) + 1;
  return `${port.kind === "text" ? "Expected text" : "Answer"} ${index} on the card`;
}
