import { whyBadName } from "@parley/shared/flow/naming";
import type { Change } from "../change.js";
import type { Draft } from "../draft.js";
import { idsOf } from "../names.js";
import { readSteps } from "../steps.js";
import { type CommandResult, refuse } from "./command.js";

const GONE = "This step is not there any more.";

/** Renames a state (any, not only the first of its step). Refused with a sentence when the name is taken or not allowed. */
export function renameState(
  draft: Draft,
  { state, to }: { readonly state: string; readonly to: string },
): CommandResult {
  if (!Object.hasOwn(draft.flow, state) || state === "$schema") return refuse(GONE);
  if (state === to) return { changes: [] };
  const why = whyBadName(to) ?? (Object.hasOwn(draft.flow, to) ? "Another step has this name." : undefined);
  if (why) return refuse(why);
  const { stepOf } = readSteps(draft);
  const selected = stepOf.get(state) === state ? to : stepOf.get(state)!;
  return { changes: [{ kind: "renameState", from: state, to }], select: [selected] };
}

/** The "ID in the file" of a question, everywhere it is referred to. */
export const renameGroup = (draft: Draft, args: { readonly step: string; readonly to: string }): CommandResult =>
  renameRef(draft, args, (from, to) => ({ kind: "renameGroup", from, to }));

/** The "ID in the file" of a text question, everywhere it is referred to. */
export const renameChat = (draft: Draft, args: { readonly step: string; readonly to: string }): CommandResult =>
  renameRef(draft, args, (from, to) => ({ kind: "renameChat", from, to }));

function renameRef(
  draft: Draft,
  { step, to }: { readonly step: string; readonly to: string },
  change: (from: string, to: string) => Change,
): CommandResult {
  const from = readSteps(draft).byId.get(step)?.ref;
  if (from === undefined) return refuse(GONE);
  if (from === to) return { changes: [] };
  const why = whyBadId(to) ?? (idsOf(draft).has(to) ? "Another step has this ID." : undefined);
  return why ? refuse(why) : { changes: [change(from, to)], select: [step] };
}

/** The "ID in the file" of an answer. */
export function renameItem(
  draft: Draft,
  { step: id, port: portId, to }: { readonly step: string; readonly port: string; readonly to: string },
): CommandResult {
  const step = readSteps(draft).byId.get(id);
  const from = step?.ports.find((port) => port.id === portId)?.item;
  if (step?.ref === undefined || from === undefined) return refuse(GONE);
  if (from === to) return { changes: [] };
  const taken = step.ports.some(({ item }) => item === to) ? "Another answer has this ID." : undefined;
  const why = whyBadId(to) ?? taken;
  return why ? refuse(why) : { changes: [{ kind: "renameItem", group: step.ref, from, to }], select: [id] };
}

/** An id stands in `{{id}}`. */
function whyBadId(id: string): string | undefined {
  if (id.trim() === "") return "An ID needs a letter or a number.";
  return /[{}|]/.test(id) || id !== id.trim() ? "An ID has no braces, no | and no spaces at its ends." : undefined;
}
