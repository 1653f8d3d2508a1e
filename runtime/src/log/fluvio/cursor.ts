import type { Cursor } from "../event-log.js";

export const START: Cursor = "0";

/**
 * A place in a topic's partition: how many records stand up to it, those counted that retention took, and the id of the
 * last of them, by which it is known again. Empty: the id is not known any more.
 */
export type Place = { readonly count: number; readonly id: string };

export const cursorOf = ({ count, id }: Place): Cursor => (count === 0 ? START : `${count}-${id}`);

/**
 * The place that a cursor names; of another engine's log more than there can be.
 * @throws Error what is no cursor of any log
 */
export function placeOf(cursor: Cursor | undefined): Place {
  if (cursor === undefined || cursor === START) return { count: 0, id: "" };
  const [, count, id] = /^(\d{1,15})(?:-(.*))?$/.exec(cursor) ?? [];
  if (count === undefined) throw new Error(`"${cursor}" is no cursor of this log: start without one.`);
  return id === undefined ? { count: Number.POSITIVE_INFINITY, id: "" } : { count: Number(count), id };
}
