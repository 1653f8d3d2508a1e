import { randomUUID } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Logger } from "pino";
import type { Config } from "../config.js";
import { Bucket } from "../log/nats/bucket.js";
import { Names } from "../log/nats/names.js";
import { type NatsLog, openNatsLog } from "../log/nats/nats-log.js";
import type { Metrics } from "../metrics.js";
import { Leases } from "./leases.js";
import { sharedPlaces } from "./shared-places.js";
import type { WorkflowOptions } from "./workflow.js";

/** A workflow's name among others, kept in its data folder: one that starts again finds its own leases. */
const NAME = "workflow-id";

type Opening = { readonly signal: AbortSignal; readonly logger: Logger; readonly metrics: Metrics };

/**
 * The log that several processes share, if the configuration names one; a server that is away is waited for.
 * @throws LogOpenError it was not set up, or otherwise
 */
export async function openShared(config: Config, { signal, logger, metrics }: Opening): Promise<NatsLog | undefined> {
  if (config.log === undefined) return undefined;
  return openNatsLog({
    address: config.log,
    partitions: config.partitions,
    wait: { signal, tell: (sentence) => logger.warn(sentence) },
    onRepeat: () => metrics.repeatedAppends.inc(),
  });
}

/** What makes a workflow one of several over it. @param folder the process's data folder */
export function sharedOver(
  log: NatsLog,
  { folder, logger, metrics }: { folder: string; logger: Logger; metrics: Metrics },
): Required<Pick<WorkflowOptions, "ownership" | "places">> {
  const { link, partitions } = log;
  const names = new Names(link.address.name);
  const bucket = new Bucket(link, names.leases);
  const onOwned = (owned: number) => metrics.partitions.set(owned);
  return {
    ownership: new Leases({ bucket, id: nameIn(folder), partitions, logger, onOwned }),
    places: sharedPlaces(new Bucket(link, names.places), partitions),
  };
}

function nameIn(folder: string): string {
  const file = join(folder, NAME);
  const known = existsSync(file) ? readFileSync(file, "utf8") : "";
  if (/^[0-9a-f]{32}$/.test(known)) return known;
  const name = randomUUID().replaceAll("-", "");
  writeFileSync(file, name, { mode: 0o600 });
  return name;
}
