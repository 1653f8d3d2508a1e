// Two bare hops by a NATS server: one process appends, another is given it by its consumer and appends an answer, which
// the first is given by its own. As a log is used, without what we do: an append is the client's own, under an id by which
// the server drops a repeat, and both read the whole stream. Nobody waits for an acknowledgement, and nothing is parsed or
// kept. Run on its own it is the other process.
import { fileURLToPath, pathToFileURL } from "node:url";
import { start } from "./children.mjs";
import { median } from "./figures.mjs";
import { serverPackage } from "./server-package.mjs";

const { connect } = serverPackage("@nats-io/transport-node");
const { jetstream, jetstreamManager } = serverPackage("@nats-io/jetstream");

const STREAM = "bare";
/** As long as what a visitor sends, and as what the workflow answers. */
const [SAYS, ANSWERS] = [350, 700].map((length) => new Uint8Array(length).fill(120));

/**
 * @param {string} address `host:port`
 * @returns {Promise<{ measure: (ms: number) => Promise<number> }>} `measure`: the median of round trips for so long, in ms
 */
export async function natsHops(address) {
  const nc = await connect({ servers: address, noAsyncTraces: true });
  const jsm = await jetstreamManager(nc);
  await jsm.streams.add({ name: STREAM, subjects: [`${STREAM}.*`], storage: "file", allow_direct: true });
  const other = start(process.execPath, [fileURLToPath(import.meta.url), address], {
    stdio: ["ignore", "inherit", "inherit", "ipc"],
  });
  await new Promise((resolve) => other.once("message", resolve));
  const append = appender(nc);
  let back = () => undefined;
  await consume(nc, jsm, `${STREAM}.back`, () => back());
  const trip = () =>
    new Promise((resolve) => {
      const began = performance.now();
      back = () => resolve(performance.now() - began);
      append(`${STREAM}.to`, SAYS);
    });
  return {
    async measure(ms) {
      const times = [];
      for (const end = performance.now() + ms; performance.now() < end; ) times.push(await trip());
      return median(times);
    },
  };
}

function appender(nc) {
  const js = jetstream(nc);
  let n = 0;
  return (subject, bytes) => void js.publish(subject, bytes, { msgID: `${subject}-${n++}` });
}

/** Reads what is new in the stream, and calls for every message of a subject. */
async function consume(nc, jsm, wanted, call) {
  const inbox = `_INBOX.${crypto.randomUUID()}`;
  nc.subscribe(inbox, { callback: (_error, { subject }) => void (subject === wanted && call()) });
  await jsm.consumers.add(STREAM, {
    deliver_subject: inbox,
    deliver_policy: "new",
    ack_policy: "none",
    mem_storage: true,
  });
  await nc.flush();
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const nc = await connect({ servers: process.argv[2], noAsyncTraces: true });
  const append = appender(nc);
  await consume(nc, await jetstreamManager(nc), `${STREAM}.to`, () => append(`${STREAM}.back`, ANSWERS));
  process.send?.({ ready: true });
  process.on("disconnect", () => process.exit());
}
