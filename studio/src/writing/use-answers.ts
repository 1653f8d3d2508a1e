import { type KeyboardEvent, type RefObject, useId, useState } from "react";
import { useDesk } from "../app/editor/desk.js";
import type { TextRef } from "../document/commands/command.js";
import { type Asked, answersFor, askedAnswer, type Suggestion } from "./answers.js";

type Open = { readonly asked: Asked; readonly list: readonly Suggestion[]; readonly at: number };

/**
 * The answers to questions by their words, offered while `{{` is typed in a field of a form.
 * @param write puts the text of the field into the document
 */
export function useAnswers(field: RefObject<HTMLTextAreaElement | null>, at: TextRef, write: (text: string) => void) {
  const { editor } = useDesk();
  const id = useId();
  const [open, setOpen] = useState<Open>();
  const look = () => {
    const { value = "", selectionStart = 0, selectionEnd = 0 } = field.current ?? {};
    const asked = selectionStart === selectionEnd ? askedAnswer(value.slice(0, selectionStart)) : undefined;
    if (asked === undefined) return setOpen(undefined);
    const { steps, draft } = editor.getState();
    const list = answersFor(asked.words, steps, draft.settings.variables ?? [], at.step);
    setOpen(list.length > 0 ? { asked, list, at: 0 } : undefined);
  };
  const take = ({ insert }: Suggestion) => {
    const element = field.current;
    if (element === null || open === undefined) return;
    const end = element.selectionStart;
    element.setRangeText(insert, end - open.asked.length, end, "end");
    setOpen(undefined);
    write(element.value);
  };
  /** @returns whether the key was for what is offered */
  const onKeyDown = (event: KeyboardEvent): boolean => {
    if (open === undefined) return false;
    const move = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
    if (move !== 0) setOpen({ ...open, at: (open.at + move + open.list.length) % open.list.length });
    else if (event.key === "Enter" || event.key === "Tab") take(open.list[open.at]!);
    else if (event.key === "Escape") setOpen(undefined);
    else return false;
    event.preventDefault();
    event.stopPropagation();
    return true;
  };
  const shown = open && { id, options: open.list, at: open.at, take };
  const aria = open ? { "aria-controls": id, "aria-activedescendant": `${id}-${open.at}` } : {};
  return { shown, aria, look, close: () => setOpen(undefined), onKeyDown };
}
