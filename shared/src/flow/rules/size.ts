import { jsonBytes } from "../../text.js";
import { MAX_FLOW_BYTES, MAX_STATES } from "../measure.js";
import type { ModelState } from "../model.js";
import { MAX_REQUEST_BYTES, parseTemplate } from "../template.js";
import { describe, named } from "../wording.js";
import { type Checked, inFlow, inState } from "./rule.js";

/** Flows and requests beyond what the log takes. */
export function tooLarge({ model, bytes, report }: Checked): void {
  const count = model.states.length;
  if (count > MAX_STATES) {
    report.add("too-large", inFlow, () => ({
      message: `The flow has ${count} states; at most ${MAX_STATES} are allowed. Divide it into several flows.`,
      plain: `There are ${count} steps; at most ${MAX_STATES} are possible. Divide them into several files.`,
    }));
  }
  if (bytes > MAX_FLOW_BYTES) report.add("too-large", inFlow, () => flowTooLarge(bytes));
  for (const state of model.states) {
    if (report.full) return;
    // A UTF-16 unit is at most 6 bytes of JSON: most requests need no exact count.
    if (atMost(state) <= MAX_REQUEST_BYTES) continue;
    const size = requestBytes(state);
    if (size <= MAX_REQUEST_BYTES) continue;
    report.add("too-large", inState(state, "sendRequest"), () => ({
      message: `State ${named(state.name)}: the request has ${size} bytes as JSON; at most ${MAX_REQUEST_BYTES} are allowed.`,
      plain: `${describe(state)} is too long to send. Shorten it, or divide it.`,
    }));
  }
}

export const flowTooLarge = (bytes: number): { message: string; plain: string } => ({
  message: `The flow has ${bytes} bytes; at most ${MAX_FLOW_BYTES} are allowed. Divide it into several flows.`,
  plain: "This is more than can be published as one. Divide it into several files.",
});

function atMost(state: ModelState): number {
  let units = 60;
  for (const text of state.texts) units += text.source.length + 8;
  for (const item of state.items ?? []) units += item.id.length + 8;
  const id = state.group?.id ?? state.starts?.id ?? state.ends?.id ?? state.handOff?.id;
  return 6 * (units + (id?.length ?? 0) + (state.handOff ? queueOf(state).length : 0));
}

const queueOf = ({ request }: ModelState): string => {
  const { queue } = request as { readonly queue?: unknown };
  return typeof queue === "string" ? queue : "";
};

/** A hand-off is sent as a chat session: the names of its fields are so much longer. */
const AS_CHAT = '"StartChatSession","chatText","handOff":{},'.length - '"HandOff","content",'.length;

/** A text with placeholders is counted as it is sent with empty values, if that is longer (see `parseTemplate`). */
function requestBytes(state: ModelState): number {
  let bytes: number;
  try {
    // Ids that are numbers are sent as strings.
    bytes = jsonBytes(state.request) + 2 * state.numbers.length + (state.handOff ? AS_CHAT : 0);
  } catch {
    return 0; // What JSON cannot hold, as a bigint, is a `bad-shape`.
  }
  for (const { source, role } of state.texts) {
    if (!source.includes("{{")) continue;
    const { parts } = parseTemplate(source, role !== "chatPrompt");
    const literal = parts.filter((part) => typeof part === "string").join("");
    bytes += Math.max(0, jsonBytes(literal) - jsonBytes(source));
  }
  return bytes;
}
