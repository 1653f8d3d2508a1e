import { readFile, rename, writeFile } from "node:fs/promises";
import { isInput, type LogRecord } from "@parley/shared/record";
import { unreadable } from "@parley/shared/session/conversation";
import { reached } from "../fault-points.js";
import type { Cursor } from "../log/event-log.js";

/**
 * How far a partition was read, the inputs before that place whose run has no `Turn` yet, and when to look at which
 * session for a hand-off that nobody has come for (`DueList`).
 */
export type Place = {
  readonly cursor: Cursor;
  readonly unfinished: ReadonlyMap<string, ReadonlySet<string>>;
  readonly due: ReadonlyMap<string, number>;
};

/** Stands for whatever a build that can read it finds to do. */
const UNREADABLE = "";

/** Inputs without their `Turn`, by session: what a workflow that starts has to finish. */
export class Unfinished {
  readonly sessions: Map<string, Set<string>>;

  constructor(saved?: Place["unfinished"]) {
    this.sessions = new Map([...(saved ?? [])].map(([sid, ids]) => [sid, new Set(ids)]));
  }

  push(record: LogRecord): void {
    if (unreadable(record)) this.#add(record.sid, UNREADABLE);
    else if (isInput(record)) this.#add(record.sid, record.id);
    else if (record.payload.kind === "Control") {
      const message = record.payload.message;
      if (message.kind === "Erased") this.sessions.delete(record.sid);
      if (message.kind !== "Turn" || !("of" in record)) return;
      const ids = this.sessions.get(record.sid);
      ids?.delete(record.of);
      if (ids?.size === 0) this.sessions.delete(record.sid);
    }
  }

  #add(sid: string, id: string): void {
    const ids = this.sessions.get(sid);
    if (ids) ids.add(id);
    else this.sessions.set(sid, new Set([id]));
  }
}

/** Keeps the places of a workflow's partitions. The log can rebuild them: losing them costs one reading of the log. */
export interface PlaceStore {
  load(): Promise<Map<number, Place>>;
  save(places: ReadonlyMap<number, Place>): Promise<void>;
}

/** Without its last part it was written by a build that knew no hand-offs, and is none. */
type SavedPlace = [Cursor, [string, string[]][], [string, number][]];
type Saved = { v: 1; places: [number, ...SavedPlace][] };

/** A small file, replaced whole. One that cannot be read counts as none. */
export function placeFile(path: string): PlaceStore {
  return {
    async load() {
      try {
        const saved = JSON.parse(await readFile(path, "utf8")) as Saved;
        if (saved.v !== 1) return new Map();
        return new Map(
          saved.places.map(([partition, ...place]) => {
            if (!Number.isInteger(partition)) throw new Error("no place");
            return [partition, readPlace(place)];
          }),
        );
      } catch {
        return new Map(); // None yet, or damaged by a power loss: the log is read again.
      }
    },
    async save(places) {
      const saved: Saved = { v: 1, places: [...places].map(([partition, place]) => [partition, ...savedPlace(place)]) };
      await writeFile(`${path}.new`, JSON.stringify(saved), { mode: 0o600 });
      reached("place written");
      await rename(`${path}.new`, path);
    },
  };
}

/** One place as text. */
export const placeText = (place: Place): string => JSON.stringify({ v: 1, place: savedPlace(place) });

/** The place that a text says; one that cannot be read counts as none. */
export function placeOf(text: string): Place | undefined {
  try {
    const { v, place } = JSON.parse(text) as { v: number; place: SavedPlace };
    return v === 1 ? readPlace(place) : undefined;
  } catch {
    return undefined;
  }
}

const savedPlace = ({ cursor, unfinished, due }: Place): SavedPlace => [
  cursor,
  [...unfinished].map(([sid, ids]) => [sid, [...ids]]),
  [...due],
];

function readPlace([cursor, unfinished, due]: SavedPlace): Place {
  if (typeof cursor !== "string") throw new Error("no place");
  return { cursor, unfinished: new Map(unfinished.map(readIds)), due: new Map(due.map(readTime)) };
}

function readTime([sid, time]: [string, number]): [string, number] {
  if (typeof sid !== "string" || !Number.isFinite(time)) throw new Error("no time");
  return [sid, time];
}

function readIds([sid, ids]: [string, string[]]): [string, Set<string>] {
  if (typeof sid !== "string" || !Array.isArray(ids)) throw new Error("no unfinished inputs");
  return [sid, new Set(ids)];
}

/** For logs that do not outlive the process. */
export function placeMemory(): PlaceStore {
  let kept = new Map<number, Place>();
  return {
    load: async () => kept,
    save: async (places) => {
      kept = new Map(
        [...places].map(([partition, { cursor, unfinished, due }]) => [
          partition,
          { cursor, unfinished: new Unfinished(unfinished).sessions, due: new Map(due) },
        ]),
      );
    },
  };
}
