import type { Desk } from "../app/editor/desk.js";
import type { Row } from "./rows.js";

/** How a row joins what is selected. */
export type Taking = "only" | "also" | "grow";

/** Takes a row's step (and way out) in hand, and shows it on the drawing. */
export function takeRow({ bench, canvas, editor }: Desk, row: Row, taking: Taking = "only"): void {
  const { selection, select } = editor.getState();
  const others = selection.filter((item) => item !== row.step);
  if (taking === "only") select([row.step]);
  else if (taking === "also" && selection.includes(row.step)) select(others);
  else select([...others, row.step]);
  bench.setState({ edge: undefined, port: row.port === undefined ? undefined : { step: row.step, port: row.port } });
  canvas.current?.reveal(row.step);
}
