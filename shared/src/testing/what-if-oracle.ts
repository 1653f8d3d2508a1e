import { type Rename, renameAnswer, renameChat, renameMessage, renameState } from "../flow/rename.js";
import type { RequestMessage } from "../message.js";
import type { Recording } from "../session/recording.js";
import type { WhatIf } from "../session/what-if.js";
import { drawn } from "./drawn.js";
import type { Flow } from "./edit-flow.js";
import { Oracle, type Outcome } from "./oracle.js";

export type Expected = { readonly outcome: WhatIf["outcome"]; readonly state?: string | undefined };

/** What the rules say would have come, by the second interpreter and by nothing of the first. */
export function expectedWhatIf(recording: Recording, draft: Flow, renames: readonly Rename[]): Expected {
  const oracle = new Oracle(draft);
  for (const [name, value] of Object.entries(recording.variables)) oracle.setVariables({ [name]: value });
  let came: Outcome = oracle.begin();
  let last = lastOf(came);
  let other = otherState(recording.runs[0]!, came);
  for (const run of recording.runs.slice(1)) {
    const input = run.input!;
    if (input.kind === "variables") {
      oracle.setVariables(input.values);
      continue;
    }
    if (input.kind === "outcome") {
      const handOffId = renameChat(input.handOffId, renames);
      const asked = input.asked === undefined ? undefined : renameState(input.asked, renames);
      const next = oracle.ends(handOffId, input.outcome);
      if (next === "not open")
        return came.ended ? { outcome: "dead-end", state: last } : { outcome: "differs", state: other ?? asked };
      if (next.matched === undefined) return { outcome: "dead-end", state: asked };
      came = { ...next, sent: next.sent.filter(({ state }) => state !== undefined) };
      last = lastOf(came) ?? last;
      other ??= otherState(run, came);
      continue;
    }
    const next = oracle.answer(renameAnswer(input.message, renames), undefined);
    const asked = input.asked === undefined ? undefined : renameState(input.asked, renames);
    if (next.refused !== undefined) {
      // Nothing is open any more; or it is open and on offer, and no state takes it. A text is then one not expected.
      if (came.ended) return { outcome: "dead-end", state: last };
      const nowhere = next.refused === "no-match" && input.message.kind === "ChoiceResponse";
      return nowhere ? { outcome: "dead-end", state: asked } : { outcome: "differs", state: other ?? asked };
    }
    came = next;
    last = lastOf(came) ?? last;
    other ??= otherState(run, came);
  }
  const { ended } = recording.runs.at(-1)!;
  if (came.ended && !ended) return { outcome: "dead-end", state: last };
  if (other !== undefined) return { outcome: "differs", state: other };
  return came.ended === ended ? { outcome: "same" } : { outcome: "differs", state: last };

  function lastOf({ sent, matched }: Outcome): string | undefined {
    return sent.at(-1)?.state ?? matched;
  }
  /** The state of the first message that is another. */
  function otherState({ sent }: Recording["runs"][number], { sent: now }: Outcome): string | undefined {
    const told = (state: string, message: RequestMessage) => JSON.stringify([state, drawn(message)]);
    for (let i = 0; i < Math.max(sent.length, now.length); i++) {
      const [old, one] = [sent[i], now[i]];
      const before =
        old && told(renameState(old.state, renames), renameMessage(old.message, renames) as RequestMessage);
      if (before !== (one && told(one.state!, one.message))) return one?.state ?? old!.state;
    }
    return undefined;
  }
}
