import { type FocusEvent, useCallback, useEffect, useRef } from "react";
import { useStore } from "zustand";
import { useBench, useDesk, useEditor, useReadOnly } from "../app/editor/desk.js";
import { focusSteps } from "../app/editor/steps-focus.js";
import { handStep } from "../canvas/hand.js";
import { itemOf } from "../document/commands/command.js";
import { ConflictChoice } from "./ConflictChoice.js";
import { ConnectionPanel } from "./ConnectionPanel.js";
import { caretOf } from "./caret.js";
import { fieldOfConflict } from "./conflict-words.js";
import { FlowSettings } from "./FlowSettings.js";
import { GroupPanel } from "./GroupPanel.js";
import classes from "./Inspector.module.css";
import { ManyPanel } from "./ManyPanel.js";
import { NotePanel } from "./NotePanel.js";
import { StepPanel } from "./StepPanel.js";
import { takeFocus } from "./use-field.js";
import { useKeepFocus } from "./use-keep-focus.js";
import { useStep } from "./use-step.js";

/** What is selected, with everything of it that can be edited; nothing selected: what holds for the whole flow. */
export function Inspector() {
  const readOnly = useReadOnly();
  const root = useRef<HTMLDivElement>(null);
  useKeepFocus(
    root,
    useCallback(() => {
      focusSteps();
      return document.activeElement === document.body ? root.current : null;
    }, []),
  );
  useNoField(root);
  const takePort = usePortInHand();
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: Escape leaves whatever field of it one is in
    <div
      ref={root}
      className={classes.inspector}
      data-read-only={readOnly || undefined}
      tabIndex={-1}
      onFocus={takePort}
      onKeyDown={(event) => {
        const isWithin = event.target instanceof Node && event.currentTarget.contains(event.target);
        if (event.key !== "Escape" || event.defaultPrevented || !isWithin) return;
        if (event.target instanceof Element && event.target.getAttribute("aria-expanded") === "true") return;
        focusSteps();
      }}
    >
      <Conflicts />
      <Selected />
    </div>
  );
}

function Selected() {
  const selection = useEditor((state) => state.selection);
  const edge = useBench((bench) => bench.edge);
  const [key] = selection;
  if (selection.length > 1) return <ManyPanel selection={selection} />;
  if (key !== undefined) return <One item={key} />;
  return edge === undefined ? <FlowSettings /> : <ConnectionPanel edge={edge} />;
}

function One({ item }: { item: string }) {
  const step = useStep(item);
  const note = useEditor(({ draft }) => {
    const { kind, id } = itemOf(draft, item);
    return kind === "note" ? draft.layout.notes?.find((note) => note.id === id) : undefined;
  });
  const group = useEditor(({ draft }) => {
    const { kind, id } = itemOf(draft, item);
    return kind === "group" ? draft.layout.groups?.find((group) => group.id === id) : undefined;
  });
  if (step) return <StepPanel step={step} />;
  if (note) return <NotePanel note={note} />;
  return group ? <GroupPanel group={group} /> : <FlowSettings />;
}

/** Whoever writes an answer has it in hand: what is added next follows it. In the other texts it is the step as a whole. */
function usePortInHand() {
  const desk = useDesk();
  return useCallback(
    ({ target }: FocusEvent<HTMLElement>) => {
      // From here one goes on in the panel.
      caretOf(desk.editor).setState({ onCards: false });
      const step = handStep(desk);
      const port = target.closest<HTMLElement>("[data-answer]")?.dataset.answer;
      const isText = target.closest("[data-control=text]") !== null;
      if (step === undefined || (port === undefined && !isText)) return;
      const { port: before } = desk.bench.getState();
      if (before?.step === step.id ? before.port === port : port === undefined) return;
      desk.bench.setState({ edge: undefined, port: port === undefined ? undefined : { step: step.id, port } });
    },
    [desk],
  );
}

/** Conflicts that are about no field of a step. The others are shown at their fields. */
function Conflicts() {
  const conflicts = useEditor((state) => state.conflicts);
  const graph = useEditor((state) => state.steps);
  const rest = conflicts.filter((conflict) => fieldOfConflict(conflict, graph) === undefined);
  if (rest.length === 0) return null;
  return (
    <div className={classes.conflicts}>
      {rest.map((conflict) => (
        <ConflictChoice key={JSON.stringify([conflict.kind, conflict.place, conflict.changes])} conflict={conflict} />
      ))}
    </div>
  );
}

/** A field that was asked for and is not there after the drawing: its step has none. The keyboard comes to the panel. */
function useNoField(root: { readonly current: HTMLElement | null }): void {
  const { editor } = useDesk();
  const caret = caretOf(editor);
  const asked = useEditor((state) => state.focus);
  const wanted = useStore(caret, (state) => state.wanted);
  useEffect(() => {
    if (asked === undefined && wanted === undefined) return;
    // What is inside has had its turn by now.
    if (editor.getState().focus === undefined && caret.getState().wanted === undefined) return;
    editor.getState().focused();
    caret.setState({ wanted: undefined });
    const control = root.current?.querySelector<HTMLElement>("textarea, input, [data-main]") ?? root.current;
    if (control) takeFocus(control);
  }, [asked, wanted, editor, caret, root]);
}
