import { addState, edit, editList, moveState, removeState } from "./apply-flow.js";
import { placeState, setGroup, setLayoutPart, setNote, setSetting } from "./apply-layout.js";
import { renameId, renameState } from "./apply-rename.js";
import type { Change } from "./change.js";
import type { Draft } from "./draft.js";
import { Work } from "./work.js";

export type Applied = {
  readonly draft: Draft;
  /** Changes that give back the draft before, byte for byte; empty when nothing changed. */
  readonly inverse: Change[];
};

/** Applies one change. Pure: parts that do not change are shared, and the order of keys is kept. */
export const apply = (draft: Draft, change: Change): Applied => applyAll(draft, [change]);

/** Applies changes in order, as one. */
export function applyAll(draft: Draft, changes: readonly Change[]): Applied {
  const work = new Work(draft);
  const inverse: Change[][] = [];
  for (const change of changes) inverse.push(carryOut(work, change));
  return { draft: work.draft(), inverse: inverse.reverse().flat() };
}

/** Carries a change out on the work, and says what undoes it. */
function carryOut(work: Work, change: Change): Change[] {
  switch (change.kind) {
    case "addState":
      return addState(work, change);
    case "removeState":
      return removeState(work, change);
    case "moveState":
      return moveState(work, change);
    case "renameState":
      return renameState(work, change);
    case "renameGroup":
    case "renameChat":
    case "renameItem":
      return renameId(work, change);
    case "set":
      return edit(work, change);
    case "addItem":
    case "removeItem":
    case "moveItem":
      return editList(work, change);
    case "place":
      return placeState(work, change);
    case "note":
      return setNote(work, change);
    case "group":
      return setGroup(work, change);
    case "layout":
      return setLayoutPart(work, change);
    case "setting":
      return setSetting(work, change);
    case "replace":
      return work.replace(change.draft);
  }
}
