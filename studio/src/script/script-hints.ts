import { check } from "@parley/shared/flow/check";
import type { Severity } from "@parley/shared/flow/finding";
import type { ReadScript } from "@parley/shared/script/read-script";

/** What is said of a line of a script. */
export type ScriptHint = { readonly line: number; readonly severity: Severity; readonly message: string };

/** What may be amiss in a script and in the flow that it is, by lines. */
export function hintsOf({ flow, findings, lines }: ReadScript, variables: readonly string[]): ScriptHint[] {
  const told = findings.map(({ line, message }): ScriptHint => ({ line, severity: "warning", message }));
  // Of nothing there is nothing else to say.
  const checked = lines.size === 0 ? [] : check(flow, { variables });
  // Where a line is not as it was meant, what follows from that goes without saying.
  const ended = new Set(findings.map(({ line }) => line));
  const found = checked.map(({ state, severity, plain }): ScriptHint => {
    const line = state === undefined ? undefined : lines.get(state);
    return { line: line ?? 1, severity, message: plain };
  });
  return [...told, ...found.filter(({ line }) => !ended.has(line))].sort((a, b) => a.line - b.line);
}

/** The state that a line is of, or the nearest line above it; undefined: there is none. */
export function stateAt(lines: ReadScript["lines"], line: number): string | undefined {
  let found: string | undefined;
  for (const [state, at] of lines) if (at <= line && at > (lines.get(found ?? "") ?? 0)) found = state;
  return found;
}

/** The line in which a place of a text is, from 1. */
export const lineOf = (text: string, place: number): number => text.slice(0, place).split("\n").length;

/** Where a line stands in a text, in UTF-16 units. */
export function lineSpan(text: string, line: number): { readonly start: number; readonly end: number } {
  const rows = text.split("\n");
  const start = rows.slice(0, line - 1).reduce((sum, row) => sum + row.length + 1, 0);
  return { start, end: start + (rows[line - 1]?.length ?? 0) };
}
