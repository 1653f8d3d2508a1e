import type { ConversationDiagnosis } from "@parley/shared/api/conversations";
import { nameIn } from "./way.js";

type Record = ConversationDiagnosis["records"][number];
type Open = ConversationDiagnosis["open"][number];

const WHO: ReadonlyMap<string, string> = new Map([
  ["bot", "Bot"],
  ["visitor", "Visitor"],
  ["page", "Page"],
  ["clock", "Clock"],
  ["studio", "Studio"],
]);
/** Who made a record. */
export const whoWords = ({ by }: Pick<Record, "by">): string => (by === undefined ? "" : (WHO.get(by) ?? nameIn(by)));

const KINDS: ReadonlyMap<string, string> = new Map([
  ["Begin", "Began"],
  ["BotText", "Message"],
  ["ChoiceRequest", "Question"],
  ["StartChatSession", "Text field opened"],
  ["EndChatSession", "Text field closed"],
  ["HandOff", "Handed over to a person"],
  ["ChoiceResponse", "Answer"],
  ["UserText", "Text"],
  ["ResetSession", "Started over"],
  ["SetVariables", "Values of the page"],
  ["Takeover", "Took over"],
  ["Assign", "Passed it on"],
  ["GiveBack", "Gave it back to the bot"],
  ["Resend", "Asked again what was open"],
  ["Move", "Went on at another step"],
  ["End", "Ended it"],
  ["Due", "Nobody had come in time"],
  ["Unavailable", "Nobody was there"],
  ["Grant", "A browser was let in"],
  ["Revoke", "A browser was shut out"],
]);
const REFUSED: ReadonlyMap<string, string> = new Map([
  ["stale", "Not taken: something else had happened"],
  ["no-match", "Not taken: no answer on offer"],
  ["paused", "Not taken: a person had the conversation"],
]);

/** What a record is. One that a newer server made has no words here. */
export function kindWords({ kind, refused, failed, ended, why }: Record): string {
  if (kind === "Turn") {
    if (refused !== undefined) return REFUSED.get(refused) ?? "Not taken";
    return failed !== undefined ? `Stopped: ${failed}` : ended ? "Done, and the conversation had ended" : "Done";
  }
  return `${KINDS.get(kind) ?? "Something else"}${why === undefined ? "" : `: ${why}`}`;
}

/** What is open. */
export function openWords({ kind, step, said }: Open): string {
  const what =
    kind === "ChoiceRequest" ? "A question" : kind === "HandOff" ? "A hand-over to a person" : "A text field";
  const words = said || step;
  return words ? `${what}, “${words}”` : what;
}
