import { randomUUID } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Logger } from "pino";
import type { Config } from "../config.js";
import type { EventLog } from "../log/event-log.js";
import { openFluvioLog } from "../log/fluvio/fluvio-log.js";
import { Bucket } from "../log/nats/bucket.js";
import { Names } from "../log/nats/names.js";
import { type NatsLog, openNatsLog } from "../log/nats/nats-log.js";
import type { Metrics } from "../metrics.js";
import { Leases } from "./leases.js";
import { everyOf, type Ownership, owns } from "./ownership.js";
import { placeFile } from "./place.js";
import { sharedPlaces } from "./shared-places.js";
import type { WorkflowOptions } from "./workflow.js";

/** What was read of a topic, and how far its partitions were stepped, in the data folder. */
const INDEX = "fluvio-index.db";
export const PLACES = "workflow.json";
/** A workflow's name among others, kept in its data folder: one that starts again finds its own leases. */
const NAME = "workflow-id";

type Opening = {
  /** The process's data folder. */
  readonly folder: string;
  readonly signal: AbortSignal;
  readonly logger: Logger;
  readonly metrics: Metrics;
};
/** A log, and what makes a workflow one of several over it. */
export type SharedLog = {
  readonly log: EventLog;
  readonly stepping: (logger: Logger) => Required<Pick<WorkflowOptions, "ownership" | "places">>;
};

/**
 * The log that several processes share, if the configuration names one; an engine that is away is waited for.
 * @throws LogOpenError it was not set up, or otherwise
 */
export async function openShared(config: Config, opening: Opening): Promise<SharedLog | undefined> {
  const { log: address, partitions, owned } = config;
  if (address === undefined) return undefined;
  const { folder, signal, logger, metrics } = opening;
  const wait = { signal, tell: (sentence: string) => logger.warn(sentence) };
  const fixed = (numbers: readonly number[]): Ownership => {
    metrics.partitions.set(numbers.length);
    return owns(numbers);
  };
  if (address.engine === "fluvio") {
    const log = await openFluvioLog({ address, index: join(folder, INDEX), partitions, wait });
    return {
      log,
      stepping(own) {
        const numbers = owned ?? everyOf(partitions);
        const unset = owned === undefined ? "PARTITIONS is unset: this process steps all of them" : "its partitions";
        own.info({ partitions: numbers }, unset);
        return { ownership: fixed(numbers), places: placeFile(join(folder, PLACES)) };
      },
    };
  }
  const log = await openNatsLog({ address, partitions, wait, onRepeat: () => metrics.repeatedAppends.inc() });
  const names = new Names(address.name);
  return {
    log,
    stepping: (own) => ({
      ownership: owned ? fixed(owned) : leases(log, names, { folder, logger: own, metrics }),
      places: sharedPlaces(new Bucket(log.link, names.places), partitions),
    }),
  };
}

function leases(
  { link, partitions }: NatsLog,
  names: Names,
  { folder, logger, metrics }: Omit<Opening, "signal">,
): Ownership {
  const bucket = new Bucket(link, names.leases);
  const onOwned = (numbers: number) => metrics.partitions.set(numbers);
  return new Leases({ bucket, id: nameIn(folder), partitions, logger, onOwned });
}

function nameIn(folder: string): string {
  const file = join(folder, NAME);
  const known = existsSync(file) ? readFileSync(file, "utf8") : "";
  if (/^[0-9a-f]{32}$/.test(known)) return known;
  const name = randomUUID().replaceAll("-", "");
  writeFileSync(file, name, { mode: 0o600 });
  return name;
}
