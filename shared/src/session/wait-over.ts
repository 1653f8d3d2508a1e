import { dueId, RECORD_VERSION, unavailableId, type WaitMessage, type WaitRecord } from "../record.js";
import type { Conversation } from "./conversation.js";

/** Who writes it, as records name them. */
const BY = { Due: "clock", Unavailable: "studio" } as const;

/**
 * The record that ends the wait of the hand-off that is open now: nobody has come in time, or nobody is there. Whoever
 * writes it for the same wait writes the same id, so it is there once; once somebody has taken the conversation, or the
 * hand-off is over, it has no effect. Undefined while no hand-off waits.
 */
export function waitOver(
  kind: WaitMessage["kind"],
  sid: string,
  { handOff, act, fence }: Pick<Conversation, "handOff" | "act" | "fence">,
  timestamp: string,
): WaitRecord | undefined {
  if (handOff?.since === undefined) return undefined;
  const id = (kind === "Due" ? dueId : unavailableId)(handOff.seq, fence);
  const message = { kind, handOffId: handOff.id, re: handOff.seq, ...(act !== undefined && { after: act }) };
  return { v: RECORD_VERSION, sid, id, timestamp, payload: { kind: "Control", message }, by: BY[kind] };
}
