import type { Where } from "@parley/shared/flow/rich-text";
import { type KeyboardEvent, type RefObject, useCallback, useEffect, useRef } from "react";
import { useDesk } from "../app/editor/desk.js";
import type { TextRef } from "../document/commands/command.js";
import { readText } from "../document/commands/text.js";
import { writeText } from "../inspector/gestures.js";
import { blockSource, markSource, type Source, wrapSource } from "./source-markdown.js";

const KEYS: Readonly<Record<string, "b" | "i" | "code">> = { b: "b", i: "i", e: "code" };

/**
 * Markdown in a field of a form that shows a text as it stands in the file: it means there what it means on a card; a list
 * is one as soon as the field is left.
 * @param where undefined: the text is plain, and nothing is done
 * @param write puts the text of the field into the document
 */
export function useMarkdown(
  field: RefObject<HTMLTextAreaElement | null>,
  at: TextRef,
  where: Where | undefined,
  write: (text: string) => void,
) {
  const desk = useDesk();
  const typed = useRef(false);
  const { step, field: part, port } = at;
  const leave = useCallback(() => {
    if (!typed.current) return;
    typed.current = false;
    const left = { step, field: part, ...(port !== undefined && { port }) } as TextRef;
    const text = readText(desk.editor.getState().draft, left);
    const listed = where === "text" ? blockSource(text) : text;
    if (listed !== text) writeText(desk, left, listed);
  }, [desk, step, part, port, where]);
  // Another step may be in hand before the keyboard has left the field.
  useEffect(() => leave, [leave]);
  const put = ({ text, caret }: Source): void => {
    const element = field.current;
    if (element === null) return;
    element.value = text;
    element.setSelectionRange(caret, caret);
    write(text);
  };
  const read = (): (Source & { readonly from: number }) | undefined => {
    const { current } = field;
    if (where === undefined || current === null) return undefined;
    return { text: current.value, from: current.selectionStart, caret: current.selectionEnd };
  };
  /** After something was typed. @returns whether it meant something, which is written then */
  const look = (finished = false): boolean => {
    typed.current = true;
    const source = read();
    const marked =
      where === undefined || source === undefined || source.from !== source.caret
        ? undefined
        : markSource(source, where, finished);
    if (marked !== undefined) put(marked);
    return marked !== undefined;
  };
  /** Nothing more is typed. */
  const finish = (): void => {
    if (typed.current) look(true);
    leave();
  };
  /** @returns whether the key was for how the text looks */
  const onKeyDown = (event: KeyboardEvent): boolean => {
    const tag = (event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey && KEYS[event.key.toLowerCase()];
    const source = tag ? read() : undefined;
    if (!tag || source === undefined) return false;
    event.preventDefault();
    event.stopPropagation();
    put(wrapSource(source.text, source.from, source.caret, tag));
    return true;
  };
  return { look, finish, leave, onKeyDown };
}
