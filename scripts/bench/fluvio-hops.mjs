// Two bare hops by a Fluvio cluster: one process appends and flushes, another reads it from its stream and appends an
// answer, which the first reads from its own. As a log is used, without what we do: nothing is parsed, kept or read back.
// Run on its own it is the other process.
import { fileURLToPath, pathToFileURL } from "node:url";
import { start } from "./children.mjs";
import { median } from "./figures.mjs";
import { serverPackage } from "./server-package.mjs";

process.env.RUST_LOG ??= "off";

/** As long as what a visitor sends, and as what the workflow answers. */
const [SAYS, ANSWERS] = [350, 700].map((length) => "x".repeat(length));

/** @param {string} endpoint `host:port` */
export async function fluvioClient(endpoint) {
  const { default: fluvio } = serverPackage("@fluvio/client");
  const [host, port] = endpoint.split(":");
  return fluvio.connect({ host, port: Number(port) });
}

/**
 * @param {string} endpoint `host:port`
 * @param {string} topic made here, deleted by who calls
 * @returns {Promise<{ measure: (ms: number) => Promise<number> }>} `measure`: the median of round trips for so long, in ms
 */
export async function fluvioHops(endpoint, topic) {
  const client = await fluvioClient(endpoint);
  const admin = await client.admin();
  await admin.createTopic(topic, { partitions: 1, replicationFactor: 1, ignoreRackAssignment: false });
  const other = start(process.execPath, [fileURLToPath(import.meta.url), endpoint, topic], {
    stdio: ["ignore", "inherit", "inherit", "ipc"],
  });
  await new Promise((resolve) => other.once("message", resolve));
  const producer = await client.topicProducer(topic);
  let back = () => undefined;
  await consume(client, topic, ANSWERS, () => back());
  const trip = () =>
    new Promise((resolve) => {
      const began = performance.now();
      back = () => resolve(performance.now() - began);
      void append(producer, SAYS);
    });
  return {
    async measure(ms) {
      const times = [];
      for (const end = performance.now() + ms; performance.now() < end; ) times.push(await trip());
      return median(times);
    },
  };
}

async function append(producer, text) {
  await producer.sendAll([["bare", text]]);
  await producer.flush();
}

/** Reads the topic, and calls for every record of this text. */
async function consume(client, topic, wanted, call) {
  const consumer = await client.partitionConsumer(topic, 0);
  await consumer.stream({ index: 0, from: "beginning" }, (record) => void (record.valueString() === wanted && call()));
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const [endpoint, topic] = process.argv.slice(2);
  const client = await fluvioClient(endpoint);
  const producer = await client.topicProducer(topic);
  await consume(client, topic, SAYS, () => append(producer, ANSWERS));
  process.send?.({ ready: true });
  process.on("disconnect", () => process.exit());
}
