import { createHash } from "node:crypto";
import type { WebhookEvent } from "@parley/shared/api/webhooks";
import { idOf } from "../conversations/answer-table.js";
import type { HandOff } from "../projection/hand-offs.js";

/** A conversation began to wait for a person, was taken by the first one, or goes on without any. Times are ISO 8601. */
export type Happening = {
  readonly kind: WebhookEvent;
  readonly at: string;
  readonly sid: string;
  readonly flow: string;
  /** The conversation's id. */
  readonly conversation: string;
  /** The record that it began to wait by. */
  readonly record: string;
  readonly queue?: string | undefined;
  /** Who has it, as the visitor sees that. */
  readonly person?: string | undefined;
  /** Of an end. */
  readonly outcome?: string | undefined;
  /** What the visitor said last. */
  readonly text?: string | undefined;
};

/**
 * What a hand-off tells of, as it is known now: what was told before is in it again, under the same numbers. One that was
 * taken over by hand waits only where it is passed on.
 */
export function happeningsOf(row: HandOff): Happening[] {
  const { sid, n, flow, id, chat, queue, opened, since, taken, holder, name: person, ended, outcome, said } = row;
  const about = { sid, flow, conversation: idOf({ sid, n }), record: id, queue, text: said };
  const all: Happening[] = [];
  if (chat !== undefined) all.push({ ...about, kind: "conversation.waiting", at: opened });
  if (taken !== undefined) all.push({ ...about, kind: "conversation.taken", at: taken, person });
  if (ended !== undefined) all.push({ ...about, kind: "conversation.ended", at: ended, outcome });
  else if (holder === undefined && since !== opened) {
    all.push({ ...about, record: `${id} ${since}`, kind: "conversation.waiting", at: since });
  }
  return all;
}

/** The event's number: a function of the record alone, so that it is the same wherever and whenever it is found. */
export const eventId = ({ sid, record, kind }: Happening): string =>
  `evt_${createHash("sha256").update(`${sid} ${record} ${kind}`).digest("hex").slice(0, 32)}`;

/** What is posted. @param studio the studio's address, if known; @param texts whether what a visitor wrote may be in it */
export function bodyOf(happening: Happening, studio: string | undefined, texts: boolean): string {
  const { kind, at, flow, conversation, queue, person, outcome, text } = happening;
  const link = studio && new URL(`studio/f/${encodeURIComponent(flow)}/conversations/${conversation}`, studio).href;
  return JSON.stringify({
    type: kind,
    timestamp: at,
    data: { flow, conversation, queue, person, outcome, link, ...(texts && { text }) },
  });
}
