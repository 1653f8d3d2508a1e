import type { NatsConnection } from "@nats-io/transport-node";
import { afterAll, beforeAll, vi } from "vitest";
import { CommitFaults } from "../../testing/faults.js";
import { type NatsServer, startNatsServer } from "../../testing/nats-server.js";
import { eventLogContract, type Subject, type SubjectOptions } from "../event-log.contract.js";
import type { EventLog } from "../event-log.js";
import { natsAddress } from "./address.js";
import { Link } from "./link.js";
import { openNatsLog } from "./nats-log.js";
import { makeStreams } from "./setup.js";

const { connections } = vi.hoisted(() => ({ connections: [] as NatsConnection[] }));
vi.mock("@nats-io/transport-node", async (original) => {
  const real = await original<typeof import("@nats-io/transport-node")>();
  return {
    ...real,
    async connect(...args: Parameters<typeof real.connect>) {
      const connection = await real.connect(...args);
      connections.push(connection);
      return connection;
    },
  };
});

let server: NatsServer;
beforeAll(async () => {
  server = await startNatsServer();
});
afterAll(() => server.dispose());
let logs = 0;

async function open({ partitions = 2, ...options }: SubjectOptions = {}): Promise<Subject> {
  const name = `t${++logs}x`;
  const address = natsAddress(`nats://${server.address}/${name}`);
  const setup = await Link.open(address);
  await makeStreams(setup, { partitions, replicas: 1 });
  await setup.close();
  const faults = new CommitFaults();
  const { beforeCommit, afterCommit } = faults;
  let connection: NatsConnection;
  const start = async (number = partitions) => {
    const opened = await openNatsLog({ ...options, address, partitions: number, beforeCommit, afterCommit });
    connection = connections.at(-1)!;
    return opened;
  };
  let log: EventLog = await start();
  let messages = 0;
  return {
    log,
    faults,
    async reopen(changed) {
      await log.close();
      log = await start(changed?.partitions);
      return log;
    },
    stored: () => server.files(`${name}-`),
    rowsRead() {
      const since = connection.stats().inMsgs - messages;
      messages += since;
      return since;
    },
    async dispose() {
      await log.close();
    },
  };
}

const ONE_LEVEL = "here a record has its place when it is durable, not before: both levels are one";

eventLogContract("nats", {
  open,
  dropsRepeats: true,
  skips: {
    "shows a record to ordered readers before it is durable, and what they answer shares its commit": ONE_LEVEL,
    "tells ordered readers that what they were given was not stored, and no durable reader ever sees it": ONE_LEVEL,
    "an ordered reader does not miss what turns out to be stored only after it went on": ONE_LEVEL,
    "reads what is stored once for the readers of all partitions":
      "here each partition is a stream of its own: nobody is sent what is another's",
  },
});
