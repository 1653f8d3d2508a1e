import { Button } from "@mantine/core";
import { IconArrowMerge, IconPlus } from "@tabler/icons-react";
import { type RefObject, useCallback, useLayoutEffect, useRef } from "react";
import { useBench, useDesk, useEditor, useReadOnly } from "../app/editor/desk.js";
import { addAnswer } from "../document/commands/answers.js";
import { leadRest } from "../document/commands/connect.js";
import { restOf } from "../document/rest.js";
import type { Wordless } from "../document/same-step.js";
import classes from "./AnswerList.module.css";
import { AnswerRow } from "./AnswerRow.js";
import { answersOf } from "./answer-gestures.js";
import { LeadsTo } from "./LeadsTo.js";
import { leadOf } from "./leads.js";
import { useAnswerDrag } from "./use-answer-drag.js";

/** The answers of a question, or the expected texts of a text question, in their order, each with where it leads. */
export function AnswerList({ step }: { step: Wordless }) {
  const desk = useDesk();
  const readOnly = useReadOnly();
  const list = useRef<HTMLUListElement>(null);
  const adds = useRef<HTMLButtonElement>(null);
  const refocus = useRefocus(list);
  const drag = useAnswerDrag(list, step.id);
  const rows = answersOf(step);
  const other = step.ports.find(({ kind }) => kind === "other-text");
  const asksText = step.kind === "text";
  const title = asksText ? "Expected texts" : "Answers";
  const add = () => {
    const { draft, run } = desk.editor.getState();
    run(addAnswer(draft, { step: step.id }), asksText ? "Add an expected text" : "Add an answer");
  };
  return (
    <section aria-label={title}>
      <h3 className={classes.title}>{title}</h3>
      {asksText && rows.length === 0 && (
        <p className={classes.about}>A text that goes a way of its own, such as a code word.</p>
      )}
      <ul ref={list} className={classes.list}>
        {rows.map((port, index) => (
          <AnswerRow
            key={port.id}
            step={step.id}
            port={port.id}
            kind={port.kind}
            label={port.label}
            index={index}
            last={index === rows.length - 1}
            dragged={drag.dragged === port.id}
            line={drag.lineAt(index, rows.length)}
            hold={drag.hold}
            refocus={refocus}
          />
        ))}
      </ul>
      <Button
        ref={adds}
        variant="light"
        size="xs"
        leftSection={<IconPlus size={14} aria-hidden />}
        aria-disabled={readOnly}
        className={classes.add ?? ""}
        onClick={() => !readOnly && add()}
      >
        {asksText ? "Add an expected text" : "Add an answer"}
      </Button>
      <LeadRest step={step.id} done={() => adds.current?.focus({ preventScroll: true })} />
      {other !== undefined && (
        <div className={classes.other}>
          <h3 className={classes.title}>Anything else</h3>
          <LeadsTo from={{ step: step.id, port: other.id }} label="Anything else leads to" />
        </div>
      )}
    </section>
  );
}

/** Where some answers lead nowhere yet, one press leads them where another does; the button goes, and the keyboard elsewhere. */
function LeadRest({ step, done }: { step: string; done: () => void }) {
  const { editor } = useDesk();
  const readOnly = useReadOnly();
  const inHand = useBench(({ port }) => port);
  const from = useEditor(({ steps }) => restOf(steps.byId.get(step), inHand)?.port);
  const to = useEditor(({ steps }) => from && leadOf(steps, { step, port: from })?.to?.title);
  if (from === undefined || to === undefined || readOnly) return null;
  return (
    <Button
      variant="subtle"
      size="xs"
      leftSection={<IconArrowMerge size={14} aria-hidden />}
      className={classes.rest ?? ""}
      onClick={() => {
        const { draft, run } = editor.getState();
        run(leadRest(draft, { from: { step, port: from } }), "Connect");
        done();
      }}
    >
      <span className={classes.restWords}>Lead the others to ‘{to}’</span>
    </Button>
  );
}

export type Refocus = (port: string | undefined, control: string) => void;

/** Rows change places, and the browser takes the keyboard from one that is moved: it is given back after the drawing. */
function useRefocus(list: RefObject<HTMLElement | null>): Refocus {
  const wanted = useRef<string>(undefined);
  useLayoutEffect(() => {
    if (wanted.current === undefined) return;
    list.current?.querySelector<HTMLElement>(wanted.current)?.focus({ preventScroll: true });
    wanted.current = undefined;
  });
  return useCallback((port, control) => {
    if (port !== undefined) wanted.current = `[data-answer="${CSS.escape(port)}"] [data-control="${control}"]`;
  }, []);
}
