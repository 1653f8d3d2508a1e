// The load generator, a process of its own: opens connections and keeps one exchange going on each while it measures.
// Asked over IPC, one message after the other: see `startLoad` in children.mjs.
import { openSocket } from "./raw-socket.mjs";
import { VISITORS } from "./visitors.mjs";

/** Connections being opened at a time. */
const OPENING = 100;

/** @type {Map<string, Line[]>} */
const lines = new Map();
/** Set while a measurement runs. @type {{ until: number, times: number[], running: number, done: () => void } | undefined} */
let measuring;
/** @type {string | undefined} */
let broken;

class Line {
  #socket;
  #visitor;
  #sent = 0;
  /** @param {import("./raw-socket.mjs").RawSocket} socket @param {import("./visitors.mjs").Visitor} visitor */
  constructor(socket, visitor) {
    this.#socket = socket;
    this.#visitor = visitor;
    socket.onFrame = (payload) => this.#frame(payload);
    socket.onClose = (reason) => {
      broken ??= `a connection was lost: ${reason}`;
      measuring?.done();
    };
  }

  go() {
    this.#sent = performance.now();
    this.#socket.send(this.#visitor.next());
  }

  end() {
    this.#socket.end();
  }

  /** @param {Buffer} payload */
  #frame(payload) {
    if (!measuring || !this.#visitor.done(payload)) return;
    const now = performance.now();
    if (now < measuring.until) {
      measuring.times.push(now - this.#sent);
      this.go();
    } else if (--measuring.running === 0) measuring.done();
  }
}

/**
 * @param {string} name
 * @param {{ port: number, path?: string, protocol?: string, kind: keyof VISITORS, connections: number }} options
 */
async function open(name, { kind, connections, ...to }) {
  /** @type {Line[]} */
  const opened = lines.get(name) ?? [];
  lines.set(name, opened);
  let left = connections;
  const worker = async () => {
    while (left-- > 0) {
      const visitor = VISITORS[kind]();
      const socket = await openSocket(to);
      if (visitor.hello) socket.send(visitor.hello);
      if (kind !== "echo") await greeted(socket, visitor);
      opened.push(new Line(socket, visitor));
    }
  };
  await Promise.all(Array.from({ length: Math.min(OPENING, connections) }, worker));
  return { open: opened.length };
}

/** Resolves when the server has said what it says to a new visitor. */
function greeted(socket, visitor) {
  return new Promise((resolve, reject) => {
    socket.onFrame = (payload) => visitor.ready(payload) && resolve(undefined);
    socket.onClose = (reason) => reject(new Error(reason));
  });
}

/**
 * Keeps every connection of `name` busy for `ms`; what is under way then is waited for and not counted.
 * @param {string} name
 * @param {number} ms
 */
async function measure(name, ms) {
  const all = lines.get(name) ?? [];
  const began = performance.now();
  const times = await new Promise((resolve) => {
    const state = { until: began + ms, times: [], running: all.length, done: () => resolve(state.times) };
    measuring = state;
    for (const line of all) line.go();
  });
  measuring = undefined;
  if (broken) throw new Error(broken);
  times.sort((a, b) => a - b);
  const at = (share) => times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? 0;
  return { perSecond: (times.length * 1000) / ms, p50: at(0.5), p99: at(0.99), count: times.length };
}

function close(name) {
  for (const line of lines.get(name) ?? []) line.end();
  lines.delete(name);
  return {};
}

process.on("message", async ({ ask, args }) => {
  try {
    const answer = await { open, measure, close }[ask](...args);
    process.send?.({ answer });
  } catch (error) {
    process.send?.({ error: String(error?.stack ?? error) });
  }
});
process.on("disconnect", () => process.exit());
