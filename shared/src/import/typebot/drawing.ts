import type { Group, Layout, Note, Point } from "../../flow/layout.js";
import type { ScriptStep } from "../../script/script.js";

/** What is drawn in a group, from the top: a step by its state, or a note. */
export type Drawn =
  | { readonly state: string; readonly kind: ScriptStep["kind"]; readonly answers: number }
  | { readonly note: string };
export type DrawnGroup = Point & { readonly title: string; readonly drawn: readonly Drawn[] };

/** As large as the studio draws them, in pixels; a little more harms nothing. */
const [WIDTH, NOTE_HEIGHT, BETWEEN] = [260, 120, 28];
/** Around a group, with its frame and title. */
const AROUND = 72;
/** Typebot's groups are narrower than a card with the room for its arrows. */
const SPREAD = 1.25;
/** A drawing has so many notes. */
const MAX_NOTES = 1_000;

const heightOf = (one: Drawn): number =>
  "note" in one ? NOTE_HEIGHT : 110 + (one.kind === "message" ? 0 : Math.max(1, one.answers) * 34 + 8);

/**
 * Groups where they stood, what is in each from the top down; one that would lie on another is moved down.
 * @returns the drawing, and how many notes had no room in it
 */
export function drawingOf(groups: readonly DrawnGroup[]): { layout: Layout; unseen: number } {
  const positions: Record<string, Point> = {};
  const notes: Note[] = [];
  const frames: Group[] = [];
  let unseen = 0;
  for (const { title, drawn, x, y } of placed(groups)) {
    let at = y;
    const states: string[] = [];
    for (const one of drawn) {
      if ("state" in one) {
        positions[one.state] = { x, y: at };
        states.push(one.state);
      } else if (notes.length < MAX_NOTES) {
        notes.push({ id: `typebot-${notes.length + 1}`, text: one.note, x, y: at, width: WIDTH, height: NOTE_HEIGHT });
      } else unseen += 1;
      at += heightOf(one) + BETWEEN;
    }
    if (states.length > 0) frames.push({ id: `typebot-${frames.length + 1}`, title, states });
  }
  return { layout: { positions, notes, groups: frames }, unseen };
}

/** By their tops, each below those that it would lie on. Quadratic in the groups, of which there are a thousand at most. */
function placed(groups: readonly DrawnGroup[]): DrawnGroup[] {
  const done: { x: number; y: number; bottom: number }[] = [];
  const order = groups.filter(({ drawn }) => drawn.length > 0).sort((a, b) => a.y - b.y);
  return order.map((group) => {
    const height = group.drawn.reduce((sum, one) => sum + heightOf(one) + BETWEEN, 0);
    const x = Math.round(group.x * SPREAD);
    let { y } = group;
    const beside = done.filter((other) => Math.abs(other.x - x) < WIDTH + AROUND).sort((a, b) => a.y - b.y);
    for (const other of beside) {
      if (y < other.bottom + AROUND && other.y < y + height + AROUND) y = other.bottom + AROUND;
    }
    done.push({ x, y, bottom: y + height });
    return { ...group, x, y };
  });
}
