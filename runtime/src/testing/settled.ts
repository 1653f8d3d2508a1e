import type { Program } from "@parley/shared/flow/compile";
import type { LogRecord } from "@parley/shared/record";
import type { Programs } from "@parley/shared/session/replay";
import { expect } from "vitest";
import { V1Client } from "./clients.js";
import {
  contradictions,
  gaps,
  linesOfFrames,
  linesOfInputs,
  linesOfLog,
  openInState,
  openToReader,
  outcomes,
  rebuilt,
  sinceReset,
  spokenOver,
} from "./verdict.js";
import type { Visitor } from "./visitor.js";

/** Waits until nothing of a connected visitor is open; what a fresh reader of its session is sent. */
export async function settled(visitor: Visitor, chat: string) {
  for (const tab of visitor.tabs) await tab.until(() => tab.unacked.length === 0);
  // Runs are made in the order of their inputs: when this one's is there, all are.
  const last = visitor.tabs[0]!.setNothing();
  for (const tab of visitor.tabs) await tab.until(() => tab.lastTurn?.of === last);
  const fresh = await V1Client.connect(chat, { token: visitor.token! });
  const turn = await fresh.until(() => fresh.all.find((frame) => frame.kind === "Turn"), "the last turn");
  return { messages: fresh.messages, turn };
}

/** Of what a visitor was told that it is stored: what the log does not have, and what it has more than once. */
export function lossOf(records: readonly LogRecord[], visitor: Visitor): { lost: string[]; doubled: string[] } {
  const found = outcomes(records);
  const sent = [...visitor.sent.values()];
  return {
    lost: sent.filter(({ acks, frame }) => acks > 0 && !found.has(frame.id)).map(({ frame }) => frame.id),
    doubled: sent.filter(({ frame }) => (found.get(frame.id) ?? 0) > 1).map(({ frame }) => frame.id),
  };
}

/** Judges all that a visitor saw and was told by the records of its session. */
export function checkVisitor(
  records: readonly LogRecord[],
  visitor: Visitor,
  fresh: Awaited<ReturnType<typeof settled>>,
  program: Program | Programs,
): void {
  expect(visitor.sids.size, "[P1] one session from the first Welcome on").toBe(1);
  expect(visitor.unexpected, "frames nobody should get").toEqual([]);
  const lines = linesOfLog(records);

  const found = outcomes(records);
  const wrong = [...visitor.sent.values()].filter((entry) => {
    const n = found.get(entry.frame.id) ?? 0;
    return entry.acks > 0 ? n !== 1 : n > 1;
  });
  expect(wrong, "[P1] [P3] one outcome for each acknowledged message, at most one for the others").toEqual([]);
  expect(
    [...found.keys()].filter((id) => !visitor.sent.has(id)),
    "nothing that nobody sent",
  ).toEqual([]);
  const overacked = [...visitor.sent.values()].filter((entry) => entry.acks > entry.sends && !visitor.options.repeated);
  expect(overacked, "[P3] no more acknowledgements than sendings").toEqual([]);

  for (const tab of visitor.tabs) {
    expect(gaps(tab.received, lines), "[P4] numbers without gap or repeat").toEqual([]);
    const seen = linesOfFrames(tab.received);
    expect(seen, "[P5] each tab saw what the log means").toEqual(seen.map(({ seq }) => lines[seq - 1]));
    expect(seen.at(-1)?.seq, "[P4] up to the last").toBe(lines.length);
  }
  const [first] = visitor.tabs;
  if (!visitor.options.resets) expect(linesOfFrames(first!.received), "[P4] 1..n").toEqual(lines);
  expect(linesOfFrames(fresh.messages), "[P5] a fresh reader sees the same").toEqual(sinceReset(lines));

  expect(spokenOver(records), "[P16] no word of the bot while a person has it, and no gap in the numbers").toEqual([]);
  if (!visitor.options.manned) {
    expect(linesOfInputs(records, program), "[P6] [P8] what the bot said is what its rules say, once").toEqual(lines);
  }
  expect(contradictions(records), "[P8] a record written again is the same").toEqual([]);
  const once = rebuilt(records, program);
  expect(openInState(once.session), "[P7] the state rebuilt is the one a reader is in").toEqual({
    ...openToReader(linesOfFrames(fresh.messages)),
    seq: lines.length,
  });
  expect(once.session.ended).toBe(fresh.turn.ended);
  expect(rebuilt(records, program).text, "[P7] and again").toBe(once.text);
  expect(rebuilt([...records, ...records], program).text, "[P7] repeats change nothing").toBe(once.text);
}
