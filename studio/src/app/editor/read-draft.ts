import type { Draft as SavedFlow } from "@parley/shared/api/flows";
import type { Draft, FlowJson } from "../../document/draft.js";

/** A draft as it came over the wire. It is JSON, whatever it holds: a draft may be broken. */
export function readDraft({ flow, layout, settings, text }: SavedFlow): { draft: Draft; text: string | undefined } {
  return { draft: { flow: flow as FlowJson, layout, settings }, text };
}
