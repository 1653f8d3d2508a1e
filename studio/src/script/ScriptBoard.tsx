import { Button, Group, Text, Textarea, UnstyledButton } from "@mantine/core";
import { readScript } from "@parley/shared/script/read-script";
import { IconAlertTriangleFilled, IconBulbFilled } from "@tabler/icons-react";
import {
  type KeyboardEvent,
  type RefObject,
  useCallback,
  useDeferredValue,
  useEffect,
  useMemo,
  useRef,
  useState,
} from "react";
import { useStore } from "zustand";
import { DeskProvider, useDesk, useEditor, useReadOnly } from "../app/editor/desk.js";
import { isMac, keyLabel } from "../app/editor/keys.js";
import { Canvas } from "../canvas/Canvas.js";
import { indentKey } from "./indent.js";
import { pendingOf } from "./pending.js";
import classes from "./ScriptBoard.module.css";
import { hintsOf, lineOf, lineSpan, type ScriptHint, stateAt } from "./script-hints.js";
import { takeScript } from "./take-script.js";
import { useScriptDesk } from "./use-script-desk.js";

const EXAMPLE = `Hello! Welcome to the Kettle Lane Café.
How can we help?
- Opening hours
  We are open every day from 8 to 18.
- Something else
  What is it about? [Your question]
Thank you, see you soon!`;

/** The text of a script, what is to be said of it, and the drawing that it is. */
export function ScriptBoard({ close }: { close: () => void }) {
  const desk = useDesk();
  const readOnly = useReadOnly();
  const pending = pendingOf(desk.editor);
  const text = useStore(pending, (state) => state.text);
  const variables = useEditor(({ draft }) => draft.settings.variables) ?? NONE;
  const shown = useDeferredValue(text);
  const read = useMemo(() => readScript(shown), [shown]);
  const hints = useMemo(() => hintsOf(read, variables), [read, variables]);
  const field = useRef<HTMLTextAreaElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  const [pasted] = useState(() => pending.getState().pasted);
  // The dialog was there before what it holds was loaded.
  useEffect(() => (pasted ? button : field).current?.focus(), [pasted]);
  const taking = useTaking(close);
  const isEmpty = text.trim() === "";
  const take = () => !isEmpty && !readOnly && taking.take();
  const goTo = (line: number) => {
    const { start, end } = lineSpan(field.current?.value ?? "", line);
    field.current?.focus();
    field.current?.setSelectionRange(start, end);
  };
  const onKeyDown = (event: KeyboardEvent<HTMLTextAreaElement>) => {
    if (event.nativeEvent.isComposing || event.keyCode === 229) return;
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      return take();
    }
    writeKey(event);
  };
  return (
    <div className={classes.board}>
      <div className={classes.sides}>
        <div className={classes.writing}>
          <Textarea
            ref={field}
            label="Script"
            description="A line is a message. Lines with - below it make it a question, and what is indented under an answer follows that. [ ] at the end asks for text; below it, lines with - are texts that are expected, and - * is any other. -> and the first words of a line lead there, and {{ }} with the words of a question is its answer. **bold** and [words](https://…) look so, and \\ at the end of a line goes on below it, with - as a list."
            placeholder={EXAMPLE}
            spellCheck
            data-own-undo=""
            data-autofocus={!pasted || undefined}
            classNames={{ root: classes.root ?? "", wrapper: classes.wrapper ?? "", input: classes.input ?? "" }}
            value={text}
            onChange={(event) => pending.setState({ text: event.currentTarget.value })}
            onKeyDown={onKeyDown}
          />
          <Hints hints={hints} isEmpty={isEmpty} goTo={goTo} />
        </div>
        <section className={classes.drawing} aria-label="The steps that it is">
          <Drawing read={read} goTo={goTo} field={field} />
        </section>
      </div>
      <Group justify="flex-end" gap="sm">
        <Button variant="default" onClick={close}>
          Close
        </Button>
        <Button
          ref={button}
          data-autofocus={pasted || undefined}
          aria-disabled={isEmpty || readOnly}
          loading={taking.busy}
          title={keyLabel("mod+enter", isMac())}
          onClick={take}
        >
          Take it
        </Button>
      </Group>
    </div>
  );
}
const NONE: readonly string[] = [];

/** Takes the script, once; the keyboard is then on the drawing. */
function useTaking(close: () => void) {
  const desk = useDesk();
  const [busy, setBusy] = useState(false);
  const take = () => {
    if (busy) return;
    setBusy(true);
    const pending = pendingOf(desk.editor);
    const { text, at } = pending.getState();
    void takeScript(desk, text, at)
      .then(() => {
        pending.setState({ text: "", at: undefined, pasted: false });
        close();
        desk.canvas.current?.focus();
      })
      .finally(() => setBusy(false));
  };
  return { busy, take };
}

/** Keys that keep lines under their answer; the field's own undo knows what they write. */
function writeKey(event: KeyboardEvent<HTMLTextAreaElement>): void {
  if (event.altKey || event.ctrlKey || event.metaKey || (event.key !== "Enter" && event.key !== "Tab")) return;
  const { value, selectionStart, selectionEnd } = event.currentTarget;
  const key = event.key === "Enter" ? "Enter" : event.shiftKey ? "Back" : "Tab";
  const written = indentKey(value, selectionStart, selectionEnd, key);
  if (written === undefined) return;
  event.preventDefault();
  const caret = key === "Enter" ? undefined : selectionStart + written.text.length - (written.to - written.from);
  event.currentTarget.setSelectionRange(written.from, written.to);
  document.execCommand(written.text === "" ? "delete" : "insertText", false, written.text);
  if (caret !== undefined) event.currentTarget.setSelectionRange(caret, caret);
}

type HintsProps = { hints: readonly ScriptHint[]; isEmpty: boolean; goTo: (line: number) => void };

/** More would be no help at once. */
const MOST_HINTS = 50;

function Hints({ hints, isEmpty, goTo }: HintsProps) {
  if (isEmpty) return null;
  return (
    <div className={classes.hints}>
      <Text size="sm" c="dimmed" role="status">
        {hints.length === 0
          ? "Nothing is amiss."
          : hints.length === 1
            ? "One thing to look at:"
            : `${hints.length} things to look at:`}
      </Text>
      <ul className={classes.list}>
        {hints.slice(0, MOST_HINTS).map(({ line, severity, message }) => (
          <li key={`${line} ${message}`} data-severity={severity}>
            <UnstyledButton className={classes.hint} onClick={() => goTo(line)}>
              <span role="img" aria-label={severity === "error" ? "Problem" : "Hint"}>
                {severity === "error" ? (
                  <IconAlertTriangleFilled size={15} aria-hidden />
                ) : (
                  <IconBulbFilled size={15} aria-hidden />
                )}
              </span>
              <span>
                <b>Line {line}.</b> {message}
              </span>
            </UnstyledButton>
          </li>
        ))}
      </ul>
    </div>
  );
}

type DrawingProps = {
  read: ReturnType<typeof readScript>;
  goTo: (line: number) => void;
  field: RefObject<HTMLTextAreaElement | null>;
};

/** A click on a step goes to its line. */
function Drawing({ read, goTo, field }: DrawingProps) {
  const { lines } = read;
  const written = useCallback(() => {
    const { current } = field;
    if (current === null || current !== document.activeElement) return undefined;
    return stateAt(lines, lineOf(current.value, current.selectionStart));
  }, [lines, field]);
  const desk = useScriptDesk(read.flow, written);
  useEffect(
    () =>
      desk?.editor.subscribe((now, before) => {
        const step = now.selection.at(-1);
        const line = step === undefined ? undefined : lines.get(step);
        if (now.selection !== before.selection && line !== undefined) goTo(line);
      }),
    [desk, lines, goTo],
  );
  if (desk === undefined) return null;
  return (
    <DeskProvider value={desk}>
      <Canvas />
    </DeskProvider>
  );
}
