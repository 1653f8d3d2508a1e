import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { compile } from "../flow/compile.js";
import { isInput, type LogRecord, type RequestRecord, type TurnRecord } from "../record.js";
import { Conversation, type ConversationEvent, conversation } from "./conversation.js";
import { Replay, replay, runRecords } from "./replay.js";

/** See flows/recorded/README.md. */
type Recording = {
  readonly step: number;
  readonly conversation: readonly string[];
  readonly flow: unknown;
  readonly records: readonly LogRecord[];
};

const flows = new URL("../../../flows/", import.meta.url);
const files = readdirSync(new URL("recorded/", flows)).filter((name) => name.endsWith(".json"));
const read = (file: string): Recording => JSON.parse(readFileSync(new URL(`recorded/${file}`, flows), "utf8"));

/** One line of a recording's `conversation`. */
function line(event: ConversationEvent): string[] {
  if (event.kind === "turn") {
    if (event.refused) return [`refused ${event.refused} ${event.of}`];
    return event.ended ? ["ended"] : [];
  }
  const { seq, message } = event;
  switch (message.kind) {
    case "BotText":
      return [`${seq} < BotText ${message.content}`];
    case "ChoiceRequest": {
      const items = message.choices.map((item) => item.itemId).join(", ");
      return [`${seq} < ChoiceRequest ${message.groupId} ${message.question} [${items}]`];
    }
    case "StartChatSession":
      return [`${seq} < StartChatSession ${message.sessionId} ${message.chatText ?? ""}`];
    case "EndChatSession":
      return [`${seq} < EndChatSession ${message.sessionId}`];
    case "ChoiceResponse":
      return [`${seq} > ChoiceResponse ${message.groupId} ${message.itemId} ${message.content}`];
    case "UserText":
      return [`${seq} > UserText ${message.sessionId} ${message.content}`];
    case "ResetSession":
      return [`${seq} > ResetSession`];
  }
}

describe.each(files)("the recorded conversation %s", (file) => {
  const { step, conversation: lines, flow, records } = read(file);
  const program = compile(flow);

  it("[P7, L3] is shown as it was", () => {
    expect(conversation(records).events.flatMap(line)).toEqual(lines);
  });

  it("[P7, L4] is answered as it was: each run recomputed is the run that was recorded", () => {
    const state = new Replay((beginning) => (beginning.step === step ? program : undefined));
    const recorded = new Map<string, (RequestRecord | TurnRecord)[]>();
    for (const record of records) {
      if ("of" in record) recorded.set(record.of, [...(recorded.get(record.of) ?? []), record]);
    }
    const inputs = records.filter(isInput);
    expect([...recorded.keys()]).toEqual(inputs.map((input) => input.id));
    const read = new Conversation();
    for (const input of records) {
      read.push(input);
      if (!isInput(input)) continue;
      const run = recorded.get(input.id)!;
      const { timestamp, fence } = run[0]!;
      expect(state.input(input, read)!.flatMap((run) => runRecords(run, { timestamp, fence }))).toEqual(run);
    }
    const again = replay(records, () => program);
    expect(again.replay.session.seq).toBe(again.conversation.seq);
    expect(again.owed).toEqual([]);
  });
});
