import { setImmediate as nextTurn } from "node:timers/promises";
import type { FigureRow } from "@parley/shared/api/inbox";
import { GENERAL, queueKey } from "@parley/shared/inbox/queue";
import type { HandOffReader, OfFlows } from "../projection/hand-off-rows.js";
import type { HandOff } from "../projection/hand-offs.js";

const DAY = 86_400_000;

/**
 * Per day (UTC, of its beginning) and queue: how many conversations were handed over, how many of them somebody took, how
 * long they waited and were with people. Those taken over by hand are counted apart. The newest day first.
 * @param from of a day, ms @param to behind the last day, ms
 */
export async function figures(reader: HandOffReader, from: number, to: number, flows: OfFlows): Promise<FigureRow[]> {
  const rows: FigureRow[] = [];
  for (let day = to - DAY; day >= from; day -= DAY) {
    const iso = (ms: number) => new Date(ms).toISOString();
    rows.push(...ofDay(iso(day).slice(0, 10), reader.opened(iso(day), iso(day + DAY), flows)));
    await nextTurn();
  }
  return rows;
}

/** One day's, by queue; General first. */
function ofDay(day: string, handOffs: readonly HandOff[]): FigureRow[] {
  const byQueue = new Map<string, { name: string; of: HandOff[] }>();
  for (const one of handOffs) {
    const key = queueKey(one.queue);
    const queue = byQueue.get(key) ?? { name: one.queue ?? GENERAL, of: [] };
    queue.of.push(one);
    byQueue.set(key, queue);
  }
  const order = ([a]: readonly [string, unknown], [b]: readonly [string, unknown]) =>
    a === queueKey(GENERAL) ? -1 : b === queueKey(GENERAL) ? 1 : a < b ? -1 : 1;
  return [...byQueue].sort(order).map(([, { name, of }]) => ofQueue(day, name, of));
}

function ofQueue(day: string, queue: string, handOffs: readonly HandOff[]): FigureRow {
  const asked = handOffs.filter(({ chat }) => chat !== undefined);
  const answered = asked.filter(({ taken }) => taken !== undefined);
  const seconds = (from: string, to: string) => Math.max(0, Date.parse(to) - Date.parse(from)) / 1_000;
  const waited = answered.map(({ opened, taken }) => seconds(opened, taken!));
  const handled = handOffs.flatMap(({ taken, ended }) => (taken && ended ? seconds(taken, ended) : []));
  return {
    ...{ day, queue, asked: asked.length, answered: answered.length, byHand: handOffs.length - asked.length },
    missed: asked.filter(({ taken, ended }) => taken === undefined && ended !== undefined).length,
    ...spread("wait", waited),
    ...spread("handle", handled),
  };
}

/** The middle one and that below which nine of ten are, seconds; nothing of nothing. */
function spread<Name extends "wait" | "handle">(name: Name, seconds: number[]) {
  if (seconds.length === 0) return {};
  seconds.sort((a, b) => a - b);
  const at = (share: number) => Math.round(seconds[Math.ceil(seconds.length * share) - 1]!);
  return { [`${name}Median`]: at(0.5), [`${name}90`]: at(0.9) } as { [K in `${Name}Median` | `${Name}90`]: number };
}
