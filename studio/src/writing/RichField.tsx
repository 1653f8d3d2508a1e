import type { Where } from "@parley/shared/flow/rich-text";
import {
  type ClipboardEvent,
  type KeyboardEvent,
  useCallback,
  useEffect,
  useId,
  useLayoutEffect,
  useRef,
  useState,
} from "react";
import { useDesk, useEditor } from "../app/editor/desk.js";
import type { TextRef } from "../document/commands/command.js";
import { readText } from "../document/commands/text.js";
import { caretOf, isSameField } from "../inspector/caret.js";
import { writeText } from "../inspector/gestures.js";
import { type Asked, type Suggestion, wordsOfAnswer } from "./answers.js";
import { FormatBar } from "./FormatBar.js";
import classes from "./RichField.module.css";
import { drawRich, readRich } from "./rich-dom.js";
import { sourceOf } from "./rich-source.js";
import { SuggestionList } from "./SuggestionList.js";
import { askedFor, suggestionsFor } from "./suggestions.js";
import {
  applyMarkdown,
  beforeCaret,
  caretAtEnd,
  insertSuggestion,
  isCaretAtStart,
  itemOfCaret,
  leaveListIn,
  pasteRich,
  toggleCode,
  toggleListIn,
} from "./typing.js";

export type RichFieldProps = {
  at: TextRef;
  label: string;
  /** An answer has no lists, links or pictures; an expected text is plain. */
  where: Where | "plain";
  /** What is there is selected, and typed over. */
  over: boolean;
  /** A key that goes on: Enter, or Tab. */
  onGo: (key: "Enter" | "Tab") => void;
  onBack: () => void;
  /** Several lines were pasted; true: they have been taken. */
  onLines?: (text: string, before: string, after: string) => boolean;
  /** Backspace where nothing is written. */
  onEmpty?: () => void;
  /** Enter breaks the line: for a finger, which has no Shift+Enter. */
  breaks?: boolean;
};

type Open = { readonly asked: Asked; readonly list: readonly Suggestion[]; readonly at: number };

/** A text, edited as it will look. What is typed is written as in a panel, and the document's undo takes it back. */
export function RichField(props: RichFieldProps) {
  const { at, label, where, over, onGo, onBack, onLines, onEmpty, breaks = false } = props;
  const desk = useDesk();
  const { editor } = desk;
  const field = useRef<HTMLDivElement>(null);
  /** What the field shows, as it stands in the file. */
  const shown = useRef<string>(undefined);
  const text = useEditor(({ draft }) => readText(draft, at));
  const [open, setOpen] = useState<Open>();
  const list = useId();
  const rich: Where = where === "plain" ? "choice" : where;
  const caret = caretOf(editor);
  const chip = useCallback((id: string) => wordsOfAnswer(editor.getState().steps, id), [editor]);

  useLayoutEffect(() => {
    const element = field.current;
    if (element === null || shown.current === text) return;
    const first = shown.current === undefined;
    if (where === "plain") element.textContent = text;
    else drawRich(element, text, rich, chip);
    shown.current = text;
    // An undo, or somebody else: the caret stands behind what is there now.
    if (!first && document.activeElement === element) caretAtEnd(element, false);
  }, [text, where, rich, chip]);
  useEffect(() => {
    const element = field.current;
    if (element === null) return;
    element.focus({ preventScroll: true });
    caretAtEnd(element, over);
  }, [over]);

  useEffect(() => {
    const element = field.current;
    if (element === null) return;
    // Not React's own: it tells of no change before it is made.
    const onBeforeInput = (event: InputEvent) => {
      // What is undone is the document.
      if (event.inputType.startsWith("history")) event.preventDefault();
      if (event.inputType === "insertText") clearIfAll(element);
    };
    const onCompositionStart = () => clearIfAll(element);
    element.addEventListener("beforeinput", onBeforeInput);
    element.addEventListener("compositionstart", onCompositionStart);
    return () => {
      element.removeEventListener("beforeinput", onBeforeInput);
      element.removeEventListener("compositionstart", onCompositionStart);
    };
  }, []);
  useEffect(() => {
    const element = field.current;
    if (element === null) return;
    let height = element.offsetHeight;
    // It grows with what is written: what one writes stays in view.
    const growing = new ResizeObserver(() => {
      if (element.offsetHeight > height) desk.canvas.current?.reveal(at.step);
      height = element.offsetHeight;
    });
    growing.observe(element);
    return () => growing.disconnect();
  }, [desk, at.step]);

  const write = () => {
    const element = field.current;
    if (element === null) return;
    const source = where === "plain" ? (element.textContent ?? "") : sourceOf(readRich(element), rich);
    shown.current = source;
    if (!isSameField(caret.getState().typing, at)) caret.setState({ typing: at });
    writeText(desk, at, source);
  };
  const suggest = () => {
    const before = field.current && where !== "plain" ? beforeCaret(field.current)?.text : undefined;
    const asked = before === undefined ? undefined : askedFor(before);
    if (asked === undefined) return setOpen(undefined);
    const { steps, draft } = editor.getState();
    const found = suggestionsFor(asked, steps, draft.settings.variables ?? [], at.step);
    setOpen(found.length > 0 ? { asked, list: found, at: 0 } : undefined);
  };
  const onInput = (composing: boolean) => {
    if (composing || field.current === null) return;
    if (where !== "plain") applyMarkdown(field.current, rich, chip);
    write();
    suggest();
  };
  const take = ({ insert }: Suggestion) => {
    if (field.current === null || open === undefined) return;
    insertSuggestion(field.current, open.asked.length, insert, chip);
    setOpen(undefined);
    write();
  };
  const finish = () => {
    if (field.current && where !== "plain" && applyMarkdown(field.current, rich, chip, true)) write();
  };
  const format = (does: () => unknown) => {
    does();
    write();
    suggest();
  };

  const onKeyDown = (event: KeyboardEvent<HTMLDivElement>) => {
    const { key, shiftKey, ctrlKey, metaKey, altKey } = event;
    if (event.nativeEvent.isComposing || event.keyCode === 229) return;
    const handled = (does: () => void) => {
      event.preventDefault();
      event.stopPropagation();
      does();
    };
    if (open !== undefined) {
      const move = key === "ArrowDown" ? 1 : key === "ArrowUp" ? -1 : 0;
      if (move !== 0)
        return handled(() => setOpen({ ...open, at: (open.at + move + open.list.length) % open.list.length }));
      if (key === "Enter" || key === "Tab") return handled(() => take(open.list[open.at]!));
      if (key === "Escape") return handled(() => setOpen(undefined));
    }
    if (key === "Escape" || (key === "Tab" && shiftKey)) return handled(onBack);
    if ((ctrlKey || metaKey) && !altKey && where !== "plain") {
      const command = { b: "bold", i: "italic" }[key.toLowerCase()];
      if (command !== undefined) return handled(() => format(() => document.execCommand(command)));
      if (key.toLowerCase() === "e") return handled(() => format(toggleCode));
    }
    const goes = key === "Tab" || (key === "Enter" && !shiftKey && !altKey && (!breaks || ctrlKey || metaKey));
    if ((key === "Delete" || key === "Backspace") && field.current && clearIfAll(field.current)) {
      return handled(() => format(() => undefined));
    }
    const item = where === "text" ? itemOfCaret() : undefined;
    // As everywhere: an item that says nothing ends the list, and Backspace before one takes it out.
    const leaves =
      key === "Enter"
        ? !shiftKey && item?.textContent === ""
        : key === "Backspace" && item !== undefined && isCaretAtStart(item);
    if (leaves) return handled(() => format(() => field.current && leaveListIn(field.current, chip)));
    if (goes && !(key === "Enter" && item !== undefined)) {
      return handled(() => {
        finish();
        onGo(key as "Enter" | "Tab");
      });
    }
    if (key === "Enter" && (shiftKey || item === undefined))
      return handled(() => format(() => document.execCommand("insertLineBreak")));
    if (key === "Backspace" && onEmpty && shown.current === "") handled(onEmpty);
  };
  const onPaste = (event: ClipboardEvent<HTMLDivElement>) => {
    event.preventDefault();
    const element = field.current;
    const data = event.clipboardData;
    if (element === null) return;
    const [before, after] = around(element);
    if (onLines?.(data.getData("text/plain"), before, after)) return;
    clearIfAll(element);
    if (where === "plain") document.execCommand("insertText", false, data.getData("text/plain").replace(/\s+/g, " "));
    else pasteRich(element, data, rich, chip);
    write();
  };
  return (
    <>
      {where !== "plain" && (
        <FormatBar
          where={rich}
          field={field}
          list={() => format(() => field.current && toggleListIn(field.current, chip))}
          done={() => format(() => undefined)}
        />
      )}
      {/* biome-ignore lint/a11y/useSemanticElements: no element of a form shows rich text */}
      <div
        ref={field}
        role="textbox"
        tabIndex={0}
        aria-multiline={where === "text"}
        aria-label={label}
        aria-haspopup="listbox"
        aria-controls={open && list}
        aria-activedescendant={open && `${list}-${open.at}`}
        className={`${classes.field} nodrag nopan nowheel`}
        data-where={where}
        contentEditable
        suppressContentEditableWarning
        spellCheck
        enterKeyHint={breaks ? "enter" : "next"}
        onInput={(event) => onInput((event.nativeEvent as InputEvent).isComposing)}
        onCompositionEnd={() => onInput(false)}
        onKeyDown={onKeyDown}
        onPaste={onPaste}
        onDrop={(event) => event.preventDefault()}
        onBlur={() => setOpen(undefined)}
      />
      {open !== undefined && <SuggestionList id={list} options={open.list} at={open.at} take={take} />}
    </>
  );
}

/** Where all of a text is selected, takes it away: what is typed over it stands in no list of it. @returns whether it was */
function clearIfAll(field: HTMLElement): boolean {
  if (document.getSelection()?.isCollapsed !== false || around(field).some((part) => part !== "")) return false;
  field.replaceChildren();
  return true;
}

/** What stands before and behind what is selected. */
function around(field: HTMLElement): [before: string, after: string] {
  const selection = document.getSelection();
  if (!selection || selection.rangeCount === 0) return [field.textContent ?? "", ""];
  const range = selection.getRangeAt(0);
  const part = (set: (part: Range) => void): string => {
    const part = document.createRange();
    part.selectNodeContents(field);
    set(part);
    return part.toString();
  };
  return [
    part((part) => part.setEnd(range.startContainer, range.startOffset)),
    part((part) => part.setStart(range.endContainer, range.endOffset)),
  ];
}
