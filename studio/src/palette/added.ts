import { IconNote } from "@tabler/icons-react";
import { KINDS, NEW_KINDS, NOTE_DRAG_TYPE, STEP_DRAG_TYPE } from "../canvas/kinds.js";
import type { ListOption } from "../commands/SearchList.js";

/** Something that can be added, by the action `add-<id>` or by a drag. */
export type Added = ListOption & {
  readonly words: string;
  /** What it is dragged as; the data is its id. */
  readonly type: string;
};

const ALL: readonly Added[] = [
  ...NEW_KINDS.map(({ kind, hint, words }) => ({
    id: kind,
    label: KINDS[kind].label,
    hint,
    icon: KINDS[kind].icon,
    colour: KINDS[kind].colour,
    words,
    type: STEP_DRAG_TYPE,
  })),
  {
    id: "note",
    label: "Note",
    hint: "For those who build it",
    icon: IconNote,
    colour: "note",
    words: "sticky comment remark",
    type: NOTE_DRAG_TYPE,
  },
];

/** What holds all of these words. */
export function fitting(words: string): readonly Added[] {
  const wanted = words.toLocaleLowerCase().split(/\s+/).filter(Boolean);
  return ALL.filter(({ label, hint, words }) => {
    const text = `${label} ${hint} ${words}`.toLocaleLowerCase();
    return wanted.every((word) => text.includes(word));
  });
}
