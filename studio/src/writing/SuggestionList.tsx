import { useLayoutEffect, useState } from "react";
import { createPortal } from "react-dom";
import type { Suggestion } from "./answers.js";
import classes from "./SuggestionList.module.css";

type ListProps = {
  id: string;
  options: readonly Suggestion[];
  /** Which one Enter takes. */
  at: number;
  take: (option: Suggestion) => void;
};

const WIDTH = 280;

/** What may be put in, below the caret. The keyboard stays in the text. */
export function SuggestionList({ id, options, at, take }: ListProps) {
  const [place, setPlace] = useState<{ left: number; top: number }>();
  useLayoutEffect(() => {
    const selection = document.getSelection();
    if (!selection || selection.rangeCount === 0) return;
    const { left, bottom, width, height } = selection.getRangeAt(0).getBoundingClientRect();
    // A caret where nothing is written yet, or in a field of a form, has no place of its own.
    const box = width === 0 && height === 0 ? document.activeElement?.getBoundingClientRect() : undefined;
    const from = box ?? { left, bottom };
    setPlace({ left: Math.max(8, Math.min(from.left, window.innerWidth - WIDTH - 8)), top: from.bottom + 6 });
  }, []);
  return createPortal(
    <div id={id} role="listbox" aria-label="What can be put in" className={classes.list} style={place}>
      {options.map((option, index) => (
        // biome-ignore lint/a11y/useFocusableInteractive: the text keeps the keyboard, and names the option
        // biome-ignore lint/a11y/useKeyWithClickEvents: Enter in the text takes it
        <div
          key={option.id}
          id={`${id}-${index}`}
          role="option"
          aria-selected={index === at}
          className={classes.option}
          onMouseDown={(event) => event.preventDefault()}
          onClick={() => take(option)}
        >
          {option.label}
        </div>
      ))}
    </div>,
    document.body,
  );
}
