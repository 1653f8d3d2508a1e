import type { Note, Point } from "@parley/shared/flow/layout";
import { itemKey } from "../document/commands/command.js";
import { CARD, GRID } from "../theme/theme.js";
import { freePlace } from "./free-place.js";
import { nodeId } from "./node-ids.js";
import type { CanvasNode, Projected } from "./project.js";
import { BARE, rectOf } from "./project-parts.js";
import { overlap, type Rect } from "./size.js";

/** Notes where they were put; those that nobody has put anywhere by the step that they are about, on nothing else. */
export function noteNodes({ layout, graph, places }: Projected, cards: readonly Rect[]): CanvasNode[] {
  const { notes = [] } = layout;
  const taken: Rect[] = [...cards];
  for (const note of notes) if (isPlaced(note)) taken.push({ x: note.x, y: note.y, ...sizeOf(note) });
  return notes.map((note) => {
    if (isPlaced(note)) return noteNode(note, { x: note.x, y: note.y });
    const step = note.state === undefined ? undefined : graph.stepOf.get(note.state);
    const place = placeBy(step === undefined ? undefined : rectOf(step, graph, places), sizeOf(note), taken);
    taken.push({ ...place, ...sizeOf(note) });
    return noteNode(note, place);
  });
}

const isPlaced = (note: Note): note is Note & Point => note.x !== undefined && note.y !== undefined;
const sizeOf = ({ width = CARD.noteWidth, height = CARD.noteHeight }: Note) => ({ width, height });

function noteNode(note: Note, position: Point): CanvasNode {
  const size = sizeOf(note);
  const item = itemKey("note", note.id);
  return {
    id: nodeId(item),
    type: "note",
    position,
    ...size,
    measured: size,
    handles: [],
    data: { item, note },
    ariaRole: "presentation",
    domAttributes: BARE,
  };
}

/** The nearest free place above the card, or below it. */
function placeBy(card: Rect | undefined, size: { width: number; height: number }, taken: readonly Rect[]): Point {
  if (card === undefined) return freePlace({ x: 0, y: 0 }, size, taken);
  const above = { x: card.x, y: card.y - size.height - GRID };
  for (let more = true; more; ) {
    const under = taken.find((rect) => overlap({ ...above, ...size }, rect, GRID / 2));
    more = under !== undefined;
    if (under !== undefined) above.y = under.y - size.height - GRID;
  }
  const below = freePlace({ x: card.x, y: card.y + card.height + GRID }, size, taken);
  return card.y - above.y - size.height <= below.y - card.y - card.height ? above : below;
}
