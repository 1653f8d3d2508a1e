import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll } from "vitest";
import { FalseFluvio } from "../../testing/false-fluvio.js";
import { CommitFaults } from "../../testing/faults.js";
import { countRows } from "../../testing/rows-given.js";
import { scratch } from "../../testing/server.js";
import { eventLogContract, type Subject, type SubjectOptions } from "../event-log.contract.js";
import type { EventLog } from "../event-log.js";
import { fluvioAddress } from "./address.js";
import type { Connect } from "./client.js";
import { Cluster } from "./cluster.js";
import { openFluvioLog } from "./fluvio-log.js";
import { deleteTopics, makeTopics } from "./setup.js";

const rows = countRows();
let logs = 0;

// Not after each case: a controller that has just deleted a topic may take a minute to make the next.
const cleanup: (() => Promise<unknown>)[] = [];
afterAll(async () => {
  for (const step of cleanup) await step();
}, 120_000);

/** Logs on a cluster, each with topics of its own. @param client undefined: the package's */
const on =
  (endpoint: string, client?: () => Connect) =>
  async ({ partitions = 2, ...options }: SubjectOptions = {}): Promise<Subject> => {
    const address = fluvioAddress(`fluvio://${endpoint}/t${process.pid}-${Date.now()}-${++logs}x`);
    const connect = client?.();
    const setup = await Cluster.open(address, connect);
    await makeTopics(setup, { partitions, replicas: 1 });
    cleanup.push(() => deleteTopics(setup));
    const folder = scratch();
    const faults = new CommitFaults();
    const { beforeCommit, afterCommit } = faults;
    const start = (number = partitions) =>
      openFluvioLog({
        ...options,
        ...(connect && { connect, late: 0 }),
        address,
        index: join(folder.path, "index.db"),
        partitions: number,
        beforeCommit,
        afterCommit,
      });
    let log: EventLog = await start();
    return {
      log,
      faults,
      async reopen(changed) {
        await log.close();
        log = await start(changed?.partitions);
        // What the one before has not read any more is read: that is not what a reader costs.
        await Promise.all(Array.from({ length: log.partitions }, (_, partition) => log.head(partition)));
        return log;
      },
      stored: () => Buffer.concat(readdirSync(folder.path).map((name) => readFileSync(join(folder.path, name)))),
      rowsRead: rows,
      async dispose() {
        await log.close();
        folder.dispose();
      },
    };
  };

const ONE_LEVEL = "here a record has its place when it is durable, not before: both levels are one";
const STAYS = "a topic's records cannot be taken out; what was read of it can, which index-file.test.ts shows";
const skips = {
  "shows a record to ordered readers before it is durable, and what they answer shares its commit": ONE_LEVEL,
  "tells ordered readers that what they were given was not stored, and no durable reader ever sees it": ONE_LEVEL,
  "an ordered reader does not miss what turns out to be stored only after it went on": ONE_LEVEL,
  "reads what is stored once for the readers of all partitions":
    "here each partition is a stream of its own: nobody is sent what is another's",
  "[P17] takes each link of a person to it along, in one act and without a mark, and no other": STAYS,
};

eventLogContract("fluvio, by a client that does what the real one was seen to do", {
  open: on("127.0.0.1:9003", () => new FalseFluvio().connect),
  skips,
});

const endpoint = process.env.FLUVIO_ENDPOINT;
eventLogContract("fluvio", {
  open: on(endpoint ?? ""),
  absent: endpoint ? undefined : "FLUVIO_ENDPOINT names no cluster",
  skips,
});
