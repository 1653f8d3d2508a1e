// From the click on "Publish" to a new visitor who is served that version.
import { readFileSync } from "node:fs";
import path from "node:path";
import { ROOT } from "../prepare.mjs";
import { bench } from "./bench.mjs";
import { scratch, startLoad, startParley } from "./children.mjs";
import { median, percentile, time } from "./figures.mjs";
import { openSocket } from "./raw-socket.mjs";
import { signIn } from "./studio-session.mjs";

const FLOW = "bot-assistant";
const ROUNDS = 200;
/** No round begins after this, in ms. */
const LAST_ROUND = 45_000;
/** Visitors who talk meanwhile. */
const VISITORS = 50;

await bench(async (report) => {
  const dataDir = path.join(scratch(), "data");
  const server = await startParley(dataDir);
  const call = await signIn(server, dataDir);
  const flow = JSON.parse(readFileSync(path.join(ROOT, "flows", `${FLOW}.json`), "utf8"));
  const first = Object.keys(flow).find((name) => flow[name].sendRequest?.kind === "BotText");
  const load = startLoad();
  await load.open("visitors", { port: server.port, kind: "bare", connections: VISITORS });
  const talking = load.measure("visitors", LAST_ROUND);
  const times = [];
  const end = performance.now() + LAST_ROUND;
  for (let round = 1; round <= ROUNDS && performance.now() < end; round++) {
    const greeting = `Greeting ${round}`;
    const text = JSON.stringify({
      ...flow,
      [first]: { ...flow[first], sendRequest: { kind: "BotText", content: greeting } },
    });
    const began = performance.now();
    await call("POST", `/flows/${FLOW}/versions`, {
      body: { from: { kind: "file", text }, over: round, note: greeting },
    });
    await greeted(server.port, greeting);
    times.push(performance.now() - began);
  }
  report({
    name: `publish to served, ${times.length} versions, ${VISITORS} talk`,
    measured: `p50 ${time(median(times))}, p99 ${time(percentile(times, 0.99))}`,
    value: percentile(times, 0.99),
    unit: " ms",
    atMost: 1_000,
  });
  await talking;
});

/** Resolves when a new visitor is greeted like that; fails when by another version. */
async function greeted(port, greeting) {
  const socket = await openSocket({ port, path: `/chat/${FLOW}` });
  await new Promise((resolve, reject) => {
    socket.onFrame = (payload) => {
      if (payload.toString().includes(`"${greeting}"`)) resolve(undefined);
      else reject(new Error(`served: ${payload}`));
    };
    socket.onClose = (reason) => reject(new Error(reason));
  });
  socket.onClose = () => undefined;
  socket.end();
}
