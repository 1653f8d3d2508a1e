import type { Finding } from "@parley/shared/flow/finding";
import { readFlow } from "@parley/shared/flow/read";
import { type FlowJson, isObject } from "../document/draft.js";

/** A finding and where it is in the text, in UTF-16 units. */
export type Found = { readonly finding: Finding; readonly from: number; readonly to: number };
export type ReadText = {
  /** What the text says; absent when it does not parse, or has a name twice. */
  readonly flow?: FlowJson;
  readonly found: readonly Found[];
};

/** Reads the text of the JSON view. Linear. */
export function readText(text: string, variables: readonly string[] | undefined): ReadText {
  const { flow, findings, at } = readFlow(text, variables ? { variables } : {});
  const starts = lineStarts(text);
  const found = findings.flatMap((finding): Found[] => {
    const position = at(finding.pointer);
    if (position === undefined) return [];
    const from = Math.min((starts[position.line - 1] ?? 0) + position.column - 1, text.length);
    return [{ finding, from, to: tokenEnd(text, from) }];
  });
  const sound = isObject(flow) && !findings.some(({ code }) => code === "duplicate-name");
  return { ...(sound && { flow }), found };
}

/** As `readFlow` counts lines. */
function lineStarts(text: string): number[] {
  const starts = [text.startsWith("\ufeff") ? 1 : 0];
  for (const end of text.matchAll(/\r\n|\n|\r/g)) starts.push(end.index + end[0].length);
  return starts;
}

/** Where a name, a text, a number or a bracket ends. */
function tokenEnd(text: string, from: number): number {
  const token = /^(?:"(?:[^"\\\n]|\\.)*"?|[^\s{}[\]:,"]+|[^\s])/.exec(text.slice(from, from + 400));
  return from + (token?.[0].length ?? 0);
}
