import type { Group, Layout, Note, Point } from "../../flow/layout.js";
import type { ScriptStep } from "../../script/script.js";

/** What is drawn in a group, in its order: a step by its state, or a note. */
export type Drawn =
  | { readonly state: string; readonly kind: ScriptStep["kind"]; readonly answers: number }
  | { readonly note: string };
export type DrawnGroup = Point & { readonly title: string; readonly drawn: readonly Drawn[] };

/** As large as the studio draws them, in pixels; a little more harms nothing. */
const [WIDTH, NOTE_HEIGHT] = [260, 120];
/** Between what stands in a group: room for an arrow, and for the flag of the start. */
const [ACROSS, DOWN] = [128, 72];
/** Around a group, for its frame and title, and the arrows to the next. */
const [BESIDE, BELOW] = [180, 100];
/** Steps beside one another; more begin another row. */
const MAX_ROW = 6;
/** Groups whose left edges are nearer than this stood below one another. */
const COLUMN = 200;
/** A drawing has so many notes. */
const MAX_NOTES = 1_000;

const heightOf = (one: Drawn): number =>
  "note" in one ? NOTE_HEIGHT : 110 + (one.kind === "message" ? 0 : Math.max(1, one.answers) * 34 + 8);

/**
 * Groups about where they stood: what is in each from left to right, as arrows lead here, so that whatever was right of a
 * group is still right of it; one that would lie on another is moved down.
 * @returns the drawing, and how many notes had no room in it
 */
export function drawingOf(groups: readonly DrawnGroup[]): { layout: Layout; unseen: number } {
  const positions: Record<string, Point> = {};
  const notes: Note[] = [];
  const frames: Group[] = [];
  let unseen = 0;
  for (const { title, rows, x, y } of apart(inColumns(groups.filter(({ drawn }) => drawn.length > 0).map(measured)))) {
    const states: string[] = [];
    let top = y;
    for (const row of rows) {
      for (const [n, one] of row.entries()) {
        const at = { x: x + n * (WIDTH + ACROSS), y: top };
        if ("state" in one) {
          positions[one.state] = at;
          states.push(one.state);
        } else if (notes.length < MAX_NOTES) {
          notes.push({ id: `typebot-${notes.length + 1}`, text: one.note, ...at, width: WIDTH, height: NOTE_HEIGHT });
        } else unseen += 1;
      }
      top += rowHeight(row) + DOWN;
    }
    if (states.length > 0) frames.push({ id: `typebot-${frames.length + 1}`, title, states });
  }
  return { layout: { positions, notes, groups: frames }, unseen };
}

type Box = Point & {
  readonly title: string;
  readonly rows: readonly (readonly Drawn[])[];
  readonly width: number;
  readonly height: number;
};

function measured({ title, drawn, x, y }: DrawnGroup): Box {
  const rows: Drawn[][] = [];
  for (let first = 0; first < drawn.length; first += MAX_ROW) rows.push(drawn.slice(first, first + MAX_ROW));
  const width = Math.min(drawn.length, MAX_ROW) * (WIDTH + ACROSS) - ACROSS;
  const height = rows.reduce((sum, row) => sum + rowHeight(row) + DOWN, -DOWN);
  return { title, rows, x, y, width, height };
}

const rowHeight = (row: readonly Drawn[]): number => Math.max(...row.map(heightOf));

/** Each column stands right of all that the one before it holds. */
function inColumns(boxes: readonly Box[]): Box[] {
  let [first, shift, right] = [Number.NEGATIVE_INFINITY, 0, Number.NEGATIVE_INFINITY];
  return [...boxes]
    .sort((a, b) => a.x - b.x)
    .map((box) => {
      if (box.x - first >= COLUMN) {
        first = box.x;
        shift = Math.max(0, right + BESIDE - first);
      }
      const x = box.x + shift;
      right = Math.max(right, x + box.width);
      return { ...box, x };
    });
}

/** By their tops, each below those that it would lie on. Quadratic in the groups, of which there are a thousand at most. */
function apart(boxes: readonly Box[]): Box[] {
  const done: Box[] = [];
  for (const box of [...boxes].sort((a, b) => a.y - b.y)) {
    let { y } = box;
    const beside = done.filter(({ x, width }) => x < box.x + box.width + BELOW && box.x < x + width + BELOW);
    for (const other of beside.sort((a, b) => a.y - b.y)) {
      if (y < other.y + other.height + BELOW && other.y < y + box.height + BELOW) y = other.y + other.height + BELOW;
    }
    done.push({ ...box, y });
  }
  return done;
}
