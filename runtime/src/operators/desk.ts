import type { ActMessage, LogRecord } from "@parley/shared/record";
import { operatorId, RECORD_VERSION } from "@parley/shared/record";
import { Conversation, conversation, type Holder } from "@parley/shared/session/conversation";
import { reached } from "../fault-points.js";
import type { EventLog } from "../log/event-log.js";
import type { Registry } from "../registry/registry.js";

/** What a person does in a conversation, under an id of his own choice: the same one again does nothing more. */
export type Deed =
  | { readonly id: string; readonly kind: "act"; readonly message: ActMessage }
  | { readonly id: string; readonly kind: "say"; readonly act: string; readonly text: string };

/**
 * What became of it. `stale`: somebody else has acted meanwhile, and it had no effect. `pending`: it is stored, and the
 * workflow that judges it has not come to it; the conversation will tell.
 */
export type Done = {
  readonly outcome: "done" | "stale" | "pending";
  readonly act: string | undefined;
  readonly holder: Holder | undefined;
};

/** How long it is waited for a workflow's word, ms. */
const JUDGED_WITHIN = 5_000;

/** Where people take conversations over, talk in them and give them back: records on the log, judged like a visitor's. */
export class OperatorDesk {
  constructor(
    private readonly options: {
      /** Of the published versions. */
      readonly registry: Pick<Registry, "program">;
      readonly log: Pick<EventLog, "append" | "read" | "follow">;
      readonly now: () => number;
    },
  ) {}

  /**
   * Appends what somebody did and waits for what became of it; undefined for a session that is not there, `no-state`
   * where a conversation's version has none of the name that it is to go on at.
   * @param by who did it, as records name people
   * @throws AppendError it is not stored, or may not be: send the same id again
   */
  async take(sid: string, by: string, deed: Deed): Promise<Done | "no-state" | undefined> {
    const { log, registry } = this.options;
    const { after } = conversation(await log.read(sid));
    if (!after.beginning || after.stopped) return undefined;
    if (deed.kind === "act" && deed.message.kind === "Move") {
      if (!registry.program(after.beginning)?.states.has(deed.message.state)) return "no-state";
    }
    const id = operatorId(deed.id);
    if (!after.has(id)) await log.append([this.#record(sid, id, by, deed)]);
    reached("act stored");
    return this.#judged(sid, id);
  }

  #record(sid: string, id: string, by: string, deed: Deed): LogRecord {
    const timestamp = new Date(this.options.now()).toISOString();
    const common = { v: RECORD_VERSION, sid, id, timestamp, by };
    if (deed.kind === "act") return { ...common, payload: { kind: "Control", message: deed.message } };
    return {
      ...common,
      payload: { kind: "Request", message: { kind: "BotText", content: asMarkup(deed.text) } },
      act: deed.act,
    };
  }

  async #judged(sid: string, id: string): Promise<Done> {
    const end = new AbortController();
    const timer = setTimeout(() => end.abort(), JUDGED_WITHIN);
    const reader = new Conversation();
    let outcome: Done["outcome"] = "pending";
    try {
      for await (const part of this.options.log.follow(sid, { signal: end.signal })) {
        if (!("records" in part)) continue;
        for (const record of part.records) {
          for (const event of reader.push(record)) {
            if (event.kind === "turn" && event.of === id) outcome = event.refused === undefined ? "done" : "stale";
          }
        }
        if (outcome !== "pending" || reader.stopped) break;
      }
    } finally {
      clearTimeout(timer);
      end.abort();
    }
    return { outcome, act: reader.act, holder: reader.holder };
  }
}

/** What a person typed as rich text that shows just that. */
const asMarkup = (text: string): string =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
