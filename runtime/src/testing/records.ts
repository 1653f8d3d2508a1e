import {
  type ControlRecord,
  FIRST_ID,
  type FirstRecord,
  type LogRecord,
  type ResponseRecord,
  runId,
} from "@parley/shared/record";
import { partitionOfKey } from "../log/fluvio/partitioner.js";

const AT = "2026-01-01T00:00:00.000Z";
const common = (sid: string, id: string) => ({ v: 1, sid, id, timestamp: AT });

const sids = new Map<number, string>();

/** The n-th sid; its partition is `n` by the number of partitions, which may be 2, 3, 4 or 6, whatever the engine goes by. */
export function sidOf(n: number): string {
  let sid = sids.get(n);
  for (let i = 0; sid === undefined; i++) {
    const candidate = n.toString(16).padStart(8, "0") + i.toString(16).padStart(4, "0").padEnd(32, "a");
    if (partitionOfKey(candidate, 12) === n % 12) sid = candidate;
  }
  sids.set(n, sid);
  return sid;
}

/** The first record of a session. */
export const first = (sid: string, beginning: Partial<FirstRecord> = {}): FirstRecord => ({
  ...common(sid, FIRST_ID),
  flow: "chat",
  version: 1,
  step: 1,
  ...beginning,
});

/** A visitor's text in chat session "s". */
export const text = (sid: string, id: string, content = id): ResponseRecord => ({
  ...common(sid, `c.${id}`),
  payload: { kind: "Response", message: { kind: "UserText", sessionId: "s", content } },
  by: "visitor",
});

/** A visitor's start over, on this version. */
export const reset = (sid: string, id: string, version: number): ResponseRecord => ({
  ...common(sid, `c.${id}`),
  payload: { kind: "Response", message: { kind: "ResetSession" } },
  by: "visitor",
  flow: "chat",
  version,
  step: 1,
});

/** The n-th record of the run that answers the input `of`: the bot says `content`. */
export const says = (sid: string, of: string, n: number, content: string): LogRecord => ({
  ...common(sid, runId(of, 0, n)),
  payload: { kind: "Request", message: { kind: "BotText", content } },
  of,
  fence: 0,
  state: `says ${content.slice(0, 40)}`,
  by: "bot",
});

/** The same, asking for a text in the chat session `id`. */
export const asks = (sid: string, of: string, n: number, id: string, state = `asks ${id}`): LogRecord => ({
  ...common(sid, runId(of, 0, n)),
  payload: { kind: "Request", message: { kind: "StartChatSession", sessionId: id, chatText: `about ${id}?` } },
  of,
  fence: 0,
  state,
  by: "bot",
});

/** What the page says. */
export const values = (sid: string, id: string, said: Record<string, string>): LogRecord => ({
  ...common(sid, `c.${id}`),
  payload: { kind: "Control", message: { kind: "SetVariables", values: said } },
  by: "page",
});

/** A person's: which session is his. */
export const link = (sid: string, id: string, to: string): LogRecord => ({
  ...common(sid, `r.${id}`),
  payload: { kind: "Control", message: { kind: "Link", to } },
});

/** The end of that run, its n-th record. */
export const turn = (sid: string, of: string, n: number, more: object = {}, state?: string): LogRecord => ({
  ...common(sid, runId(of, 0, n)),
  payload: { kind: "Control", message: { kind: "Turn", ...more } },
  of,
  fence: 0,
  ...(state !== undefined && { state }),
});

/** A record of the control stream; `id` tells it apart. */
export const control = (id: string): ControlRecord => ({
  v: 1,
  id,
  timestamp: AT,
  payload: { kind: "Control", message: { kind: "Part", digest: id, n: 0, of: 1, data: "" } },
});

export const ERASED = { id: "e", timestamp: AT };
