import type { EventLog } from "../log/event-log.js";
import { createMemoryLog } from "../log/memory.js";
import { natsAddress } from "../log/nats/address.js";
import { Link } from "../log/nats/link.js";
import { openNatsLog } from "../log/nats/nats-log.js";
import { makeStreams } from "../log/nats/setup.js";
import { openSqliteLog } from "../log/sqlite.js";
import { startNatsServer } from "./nats-server.js";
import { scratch } from "./server.js";

export const ENGINES = ["memory", "sqlite", "nats"] as const;

/**
 * An empty log of one partition on an engine, and a function that opens it again as another process would (in memory:
 * the same log). `cleanup` gets what ends it all.
 */
export async function engineLog(engine: (typeof ENGINES)[number], cleanup: (() => unknown)[]) {
  const open = await opener(engine, cleanup);
  return { log: await open(), open };
}

async function opener(
  engine: (typeof ENGINES)[number],
  cleanup: (() => unknown)[],
): Promise<() => Promise<EventLog> | EventLog> {
  const kept = <Log extends EventLog>(log: Log): Log => {
    cleanup.push(() => log.close());
    return log;
  };
  if (engine === "memory") {
    const log = createMemoryLog({ partitions: 1 });
    return () => log;
  }
  if (engine === "sqlite") {
    const folder = scratch();
    cleanup.push(() => folder.dispose());
    let log: EventLog | undefined;
    return async () => {
      await log?.close(); // The file is one process's.
      log = kept(await openSqliteLog({ file: `${folder.path}/log.db`, partitions: 1 }));
      return log;
    };
  }
  const server = await startNatsServer();
  cleanup.push(() => server.dispose());
  const address = natsAddress(`nats://${server.address}/engine`);
  const setup = await Link.open(address);
  await makeStreams(setup, { partitions: 1, replicas: 1 });
  await setup.close();
  return async () => kept(await openNatsLog({ address, partitions: 1 }));
}
