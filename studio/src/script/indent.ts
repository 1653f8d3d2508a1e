const STEP = "  ";

/** What a key writes instead of itself: its place in the text, and what stands there then. */
export type Written = { readonly from: number; readonly to: number; readonly text: string };

/**
 * Enter goes on as far right as the line is. Tab, before the words of a line, sets them under the answer above; with Shift
 * back again. Undefined: the key does what it does elsewhere, so that Tab leads out of the field.
 */
export function indentKey(
  text: string,
  start: number,
  end: number,
  key: "Enter" | "Tab" | "Back",
): Written | undefined {
  const from = text.lastIndexOf("\n", start - 1) + 1;
  const indent = /^[ \t]*/.exec(text.slice(from))![0];
  if (key === "Enter") {
    const kept = indent.slice(0, start - from);
    return kept === "" ? undefined : { from: start, to: end, text: `\n${kept}` };
  }
  if (start !== end || start > from + indent.length) return undefined;
  const line = text.slice(from).split("\n", 1)[0]!;
  if (key === "Tab")
    return from === 0 || (line.trim() === "" && indent.length > 8) ? undefined : { from, to: from, text: STEP };
  const back = indent.endsWith(STEP) ? STEP.length : indent === "" ? 0 : 1;
  return back === 0 ? undefined : { from, to: from + back, text: "" };
}
