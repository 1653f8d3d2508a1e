import { ActionIcon, Tooltip } from "@mantine/core";
import { IconChevronDown, IconChevronUp, IconGripVertical, IconX } from "@tabler/icons-react";
import { type ClipboardEvent, type KeyboardEvent, memo, type PointerEvent, useMemo } from "react";
import { useDesk, useReadOnly } from "../app/editor/desk.js";
import type { Port } from "../document/steps.js";
import type { Refocus } from "./AnswerList.js";
import classes from "./AnswerList.module.css";
import { dropAnswer, followingAnswer, nextAnswer, pasteAnswers, shiftAnswer } from "./answer-gestures.js";
import { caretOf, isTyping } from "./caret.js";
import { goToText } from "./gestures.js";
import { LeadsTo } from "./LeadsTo.js";
import { linesOf } from "./pasted-answers.js";
import { StepText } from "./StepText.js";

type AnswerRowProps = {
  /** By their ids: a row is drawn again when something of it changed, not whenever somebody types in its step. */
  step: string;
  port: string;
  kind: Port["kind"];
  label: string;
  index: number;
  last: boolean;
  dragged: boolean;
  /** Something is about to be dropped before or behind it. */
  line: "above" | "below" | undefined;
  hold: (event: PointerEvent, port: string, index: number) => void;
  refocus: Refocus;
};

/** An answer: its words, where it leads, its place among the others. */
export const AnswerRow = memo(function AnswerRow(props: AnswerRowProps) {
  const { step, port, kind, label, index, last, dragged, line, hold, refocus } = props;
  const desk = useDesk();
  const readOnly = useReadOnly();
  const from = useMemo(() => ({ step, port }), [step, port]);
  const what = `${kind === "text" ? "Expected text" : "Answer"} ${index + 1}`;
  const name = label === "" ? what : `‘${label}’`;
  const at = { step, field: "port", port } as const;
  const shift = (by: -1 | 1, control: string) => {
    if (!readOnly && shiftAnswer(desk, from, by)) refocus(port, control);
  };
  const onKeyDown = (event: KeyboardEvent<HTMLTextAreaElement>) => {
    const { key, altKey, shiftKey, ctrlKey, metaKey } = event;
    if (altKey && (key === "ArrowUp" || key === "ArrowDown")) {
      event.preventDefault();
      shift(key === "ArrowUp" ? -1 : 1, "text");
    }
    if (key === "Enter" && (ctrlKey || metaKey) && !altKey && !readOnly) {
      event.preventDefault();
      return caretOf(desk.editor).setState({ wanted: { step, field: "lead", port }, opens: true });
    }
    // Whoever writes answers goes on to the next; whoever passes through comes by all controls.
    if (key === "Tab" && !shiftKey && isTyping(desk, at) && event.currentTarget.value !== "") {
      event.preventDefault();
      return followingAnswer(desk, from);
    }
    if (key !== "Backspace" || event.currentTarget.value !== "" || readOnly) return;
    event.preventDefault();
    const near = dropAnswer(desk, from);
    if (near !== undefined) goToText(desk, { step, field: "port", port: near });
  };
  const onPaste = (event: ClipboardEvent<HTMLTextAreaElement>) => {
    const lines = readOnly ? undefined : linesOf(event.clipboardData.getData("text/plain"));
    if (lines === undefined) return;
    event.preventDefault();
    const { value, selectionStart, selectionEnd } = event.currentTarget;
    pasteAnswers(desk, from, lines, value.slice(0, selectionStart), value.slice(selectionEnd));
  };
  return (
    <li
      className={classes.row}
      data-answer={port}
      data-dragged={dragged || undefined}
      data-line={line}
      aria-label={name}
    >
      <div className={classes.order}>
        <MoveButton
          label={`Move ${name} up`}
          keys="Alt+↑"
          off={index === 0 || readOnly}
          onClick={() => shift(-1, "up")}
          control="up"
        />
        <span
          className={classes.grip}
          onPointerDown={(event) => hold(event, port, index)}
          data-off={readOnly || undefined}
        >
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
            label={what}
            labelUnseen
            {...(kind === "answer" && { rich: "choice" })}
            placeholder={kind === "text" ? "What must be typed" : "What the visitor can pick"}
            onEnter={() => nextAnswer(desk, from)}
            onKeyDown={onKeyDown}
            onPaste={onPaste}
          />
        </div>
        <div className={classes.lead}>
          <LeadsTo from={from} label={`${name} leads to`} />
        </div>
        <div className={classes.end}>
          <Tooltip label="Remove">
            <ActionIcon
              variant="subtle"
              color="gray"
              size={32}
              className={classes.remove ?? ""}
              data-control="remove"
              aria-label={`Remove ${name}`}
              aria-disabled={readOnly}
              onClick={() => !readOnly && refocus(dropAnswer(desk, from), "remove")}
            >
              <IconX size={15} aria-hidden />
            </ActionIcon>
          </Tooltip>
        </div>
      </div>
    </li>
  );
});

type MoveButtonProps = { label: string; keys: string; off: boolean; control: string; onClick: () => void };

function MoveButton({ label, keys, off, control, onClick }: MoveButtonProps) {
  const Icon = control === "up" ? IconChevronUp : IconChevronDown;
  return (
    <ActionIcon
      variant="subtle"
      color="gray"
      size={24}
      className={classes.move ?? ""}
      // Its key works in the text beside it.
      tabIndex={-1}
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
