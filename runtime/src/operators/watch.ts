import { setTimeout as delay } from "node:timers/promises";
import { Conversation, type ConversationEvent, type Holder } from "@parley/shared/session/conversation";
import type { Logger } from "pino";
import { partsOf } from "../conversations/transcript.js";
import type { EventLog } from "../log/event-log.js";

/** What happened in a conversation that is watched. `whole`: all of it so far, in place of whatever was told before. */
export type Watched = {
  readonly events: readonly ConversationEvent[];
  readonly whole: boolean;
  readonly act: string | undefined;
  readonly holder: Holder | undefined;
};

const AGAIN = 250;

/**
 * Tells what happened in the n-th conversation of a session, and then what happens in it, until the signal aborts or the
 * session is erased; nothing of one that is of another flow. Whatever goes wrong with the log, it begins anew with everything.
 */
export async function watch(
  log: Pick<EventLog, "follow">,
  { sid, n, flow }: { readonly sid: string; readonly n: number; readonly flow: string },
  tell: (watched: Watched) => void,
  { signal, logger }: { readonly signal: AbortSignal; readonly logger: Logger },
): Promise<void> {
  while (!signal.aborted) {
    try {
      const reader = new Conversation();
      let all: ConversationEvent[] | undefined = [];
      let acts = reader.act;
      let part = 1;
      for await (const followed of log.follow(sid, { signal })) {
        if ("caughtUp" in followed) {
          if (reader.beginning?.flow !== flow) return;
          const parts: ConversationEvent[][] = partsOf(all ?? []);
          part = parts.length;
          tell({ events: parts[n - 1] ?? [], whole: true, act: reader.act, holder: reader.holder });
          all = undefined;
          acts = reader.act;
          continue;
        }
        const events = followed.records.flatMap((record) => reader.push(record));
        if (reader.stopped) return;
        if (all) {
          all.push(...events);
          continue;
        }
        // Behind a start over it is another conversation.
        const mine = partsOf(events)[n - part] ?? [];
        part += partsOf(events).length - 1;
        if (mine.length > 0 || acts !== reader.act) {
          tell({ events: mine, whole: false, act: reader.act, holder: reader.holder });
        }
        acts = reader.act;
      }
    } catch (error) {
      if (signal.aborted) return;
      logger.warn({ err: error, sid }, "a conversation that is watched is read again");
    }
    // Also where the log has ended its stream, as one that is closed does.
    await delay(AGAIN, undefined, { signal }).catch(() => undefined);
  }
}
