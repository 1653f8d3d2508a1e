import { existsSync, statSync } from "node:fs";
import { join } from "node:path";
import type { EventLog } from "./event-log.js";
import { fluvioAddress } from "./fluvio/address.js";
import { openFluvioLog } from "./fluvio/fluvio-log.js";
import { natsAddress } from "./nats/address.js";
import { openNatsLog } from "./nats/nats-log.js";
import { openSqliteReader } from "./sqlite-reader.js";

/**
 * The log as a service of one's own reads it, beside servers that are running: each partition from a cursor on, or a
 * session by its number. It appends nothing, so nothing it does can be in a visitor's way.
 */
export type LogReader = Pick<EventLog, "partitions" | "start" | "read" | "head" | "reached" | "close"> & {
  /** As `EventLog.subscribe`: in order, at least once, only what is durable. */
  readonly subscribe: (
    partition: number,
    after: string | undefined,
    options: { readonly signal: AbortSignal },
  ) => ReturnType<EventLog["subscribe"]>;
};

/**
 * Opens a log for reading: what `@parley/runtime/log` is.
 * @param address as `LOG` of the servers (`nats://…`, `fluvio://…`), or the data folder of the one whose log is a file
 * @throws LogOpenError, UserError one sentence saying what to do
 */
export async function openLog(address: string): Promise<LogReader> {
  if (!/^[a-z]+:\/\//.test(address)) {
    const inside = existsSync(address) && statSync(address).isDirectory();
    return openSqliteReader(inside ? join(address, "log.db") : address);
  }
  if (address.startsWith("fluvio:")) {
    const options = { address: fluvioAddress(address, "the log's address"), index: ":memory:" };
    return openFluvioLog({ ...options, partitions: "as made" });
  }
  return openNatsLog({ address: natsAddress(address, "the log's address"), partitions: "as made" });
}
