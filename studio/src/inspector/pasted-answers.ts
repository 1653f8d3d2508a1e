import { applyAll } from "../document/apply.js";
import { addAnswer } from "../document/commands/answers.js";
import { type CommandResult, type PortRef, refuse } from "../document/commands/command.js";
import { setText } from "../document/commands/text.js";
import type { Draft } from "../document/draft.js";
import { readSteps } from "../document/steps.js";

type Pasted = PortRef & {
  readonly lines: readonly string[];
  /** What stands before and behind the caret. */
  readonly before: string;
  readonly after: string;
};

/**
 * Lines pasted into an answer (or an expected text): the first goes where the caret is, each further one becomes an answer
 * below, and what stood behind the caret ends the last.
 */
export function pastedAnswers(draft: Draft, { step: id, port: portId, lines, before, after }: Pasted): CommandResult {
  const ports =
    readSteps(draft)
      .byId.get(id)
      ?.ports.filter(({ kind }) => kind !== "then") ?? [];
  const index = ports.findIndex(({ id }) => id === portId);
  const [first, ...rest] = lines;
  if (index < 0 || first === undefined) return refuse("This answer is not there any more.");
  const contents = rest.map((line, i) => (i === rest.length - 1 ? line + after : line));
  const text = before + first + (rest.length === 0 ? after : "");
  const written = setText(draft, { step: id, field: "port", port: portId, text });
  if (contents.length === 0) return written;
  const next = ports[index + 1];
  const now = applyAll(draft, written.changes).draft;
  const added = addAnswer(now, { step: id, contents, ...(next && { before: next.id }) });
  if (added.refused !== undefined) return written;
  const last = lastAdded(applyAll(now, added.changes).draft, id, portId, contents.length);
  return {
    changes: [...written.changes, ...added.changes],
    select: [id],
    ...(last !== undefined && { focus: { step: id, field: "port", port: last } }),
    follow: [id],
  };
}

function lastAdded(draft: Draft, id: string, from: string, count: number): string | undefined {
  const ports = readSteps(draft).byId.get(id)?.ports ?? [];
  return ports[ports.findIndex((port) => port.id === from) + count]?.id;
}

/** The lines of a text that has several; bullets and numbers before them are no words of theirs. */
export function linesOf(text: string): string[] | undefined {
  const lines = text
    .split(/\r\n|\r|\n/)
    .map((line) => line.replace(/^\s*(?:[-*•–]|\d{1,3}[.)])\s+/u, "").trim())
    .filter((line) => line !== "");
  return lines.length > 1 ? lines : undefined;
}
