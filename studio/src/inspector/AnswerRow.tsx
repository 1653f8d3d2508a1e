import { ActionIcon, Tooltip } from "@mantine/core";
import { IconChevronDown, IconChevronUp, IconGripVertical, IconX } from "@tabler/icons-react";
import type { ClipboardEvent, KeyboardEvent, PointerEventHandler } from "react";
import { useDesk, useReadOnly } from "../app/editor/desk.js";
import type { Port, Step } from "../document/steps.js";
import type { Refocus } from "./AnswerList.js";
import classes from "./AnswerList.module.css";
import { dropAnswer, goToText, nextAnswer, pasteAnswers, shiftAnswer } from "./gestures.js";
import { LeadsTo } from "./LeadsTo.js";
import { linesOf } from "./pasted-answers.js";
import { StepText } from "./StepText.js";

type AnswerRowProps = {
  step: Step;
  port: Port;
  number: number;
  first: boolean;
  last: boolean;
  drag: { readonly onPointerDown: PointerEventHandler; readonly dragged: boolean };
  /** Something is about to be dropped before or behind it. */
  line: "above" | "below" | undefined;
  refocus: Refocus;
};

/** An answer: its words, where it leads, its place among the others. */
export function AnswerRow({ step, port, number, first, last, drag, line, refocus }: AnswerRowProps) {
  const desk = useDesk();
  const readOnly = useReadOnly();
  const what = port.kind === "text" ? "Expected text" : "Answer";
  const name = port.label === "" ? `${what} ${number}` : `‘${port.label}’`;
  const shift = (by: -1 | 1, control: string) => {
    if (!readOnly && shiftAnswer(desk, step, port, by)) refocus(port, control);
  };
  const onKeyDown = (event: KeyboardEvent<HTMLTextAreaElement>) => {
    const { key, altKey } = event;
    if (altKey && (key === "ArrowUp" || key === "ArrowDown")) {
      event.preventDefault();
      shift(key === "ArrowUp" ? -1 : 1, "text");
    }
    if (key !== "Backspace" || event.currentTarget.value !== "" || readOnly) return;
    event.preventDefault();
    const near = dropAnswer(desk, step, port);
    if (near !== undefined) goToText(desk, { step: step.id, field: "port", port: near.id });
  };
  const onPaste = (event: ClipboardEvent<HTMLTextAreaElement>) => {
    const lines = readOnly ? undefined : linesOf(event.clipboardData.getData("text/plain"));
    if (lines === undefined) return;
    event.preventDefault();
    const { value, selectionStart, selectionEnd } = event.currentTarget;
    const at = { step: step.id, port: port.id };
    pasteAnswers(desk, at, lines, value.slice(0, selectionStart), value.slice(selectionEnd));
  };
  const at = { step: step.id, field: "port", port: port.id } as const;
  return (
    <li
      className={classes.row}
      data-answer={port.id}
      data-dragged={drag.dragged || undefined}
      data-line={line}
      aria-label={name}
    >
      <div className={classes.order}>
        <MoveButton
          label={`Move ${name} up`}
          keys="Alt+↑"
          off={first || readOnly}
          onClick={() => shift(-1, "up")}
          control="up"
        />
        <span className={classes.grip} onPointerDown={drag.onPointerDown} data-off={readOnly || undefined}>
          <IconGripVertical size={14} aria-hidden />
        </span>
        <MoveButton
          label={`Move ${name} down`}
          keys="Alt+↓"
          off={last || readOnly}
          onClick={() => shift(1, "down")}
          control="down"
        />
      </div>
      <div className={classes.fields}>
        <div className={classes.words}>
          <StepText
            at={at}
            label={`${what} ${number}`}
            labelUnseen
            placeholder={port.kind === "text" ? "What must be typed" : "What the visitor can pick"}
            onEnter={() => nextAnswer(desk, step, port)}
            onKeyDown={onKeyDown}
            onPaste={onPaste}
          />
          <Tooltip label="Remove">
            <ActionIcon
              variant="subtle"
              color="gray"
              size={32}
              className={classes.remove ?? ""}
              data-control="remove"
              aria-label={`Remove ${name}`}
              aria-disabled={readOnly}
              onClick={() => !readOnly && refocus(dropAnswer(desk, step, port), "remove")}
            >
              <IconX size={15} aria-hidden />
            </ActionIcon>
          </Tooltip>
        </div>
        <LeadsTo from={{ step: step.id, port: port.id }} label={`${name} leads to`} />
      </div>
    </li>
  );
}

type MoveButtonProps = { label: string; keys: string; off: boolean; control: string; onClick: () => void };

function MoveButton({ label, keys, off, control, onClick }: MoveButtonProps) {
  const Icon = control === "up" ? IconChevronUp : IconChevronDown;
  return (
    <ActionIcon
      variant="subtle"
      color="gray"
      size={24}
      className={classes.move ?? ""}
      data-control={control}
      title={`${label} (${keys})`}
      aria-label={label}
      aria-disabled={off}
      onClick={onClick}
    >
      <Icon size={15} aria-hidden />
    </ActionIcon>
  );
}
