// A network between visitors and servers that fails, in a process of its own: what it does is drawn from a seed. Told by
// IPC what to do (see network.ts beside the tests), it answers with what befell its connections.
import { createConnection, createServer } from "node:net";
import { parseArgs } from "node:util";

/**
 * How likely each fault is for a new connection, and for a chunk or frame of one that fails in that way. `silence`: nothing
 * goes either way any more, for a while; `repeat` and `reorder` are of whole frames from the client, which a network of its
 * own accord does not do, and a client that sends again does.
 * @typedef {Record<"cut" | "silence" | "delay" | "repeat" | "reorder", number>} Plan
 */

const { values } = parseArgs({ options: { seed: { type: "string", default: "1" } } });
/** @type {Plan} */
let plan = { cut: 0, silence: 0, delay: 0, repeat: 0, reorder: 0 };
/** @type {Record<string, number>} */
const counts = { cut: 0, silence: 0, delay: 0, repeat: 0, reorder: 0 };
/** Ports behind, by the port in front. @type {Map<number, number>} */
const behind = new Map();
const connections = new Set();
/** A connection on which nothing comes is left by its client after so long, in ms. */
const WONDERS = 1_500;
const MOST_DELAY = 150;
/** A frame that is overtaken waits so long for another at most, in ms. */
const OVERTAKEN = 30;

let state = Number(values.seed) >>> 0;
/** From 0 to below 1 (mulberry32). */
function next() {
  state = (state + 0x6d2b79f5) >>> 0;
  let t = state;
  t = Math.imul(t ^ (t >>> 15), t | 1);
  t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
  return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
}
const chance = (/** @type {number} */ probability) => next() < probability;
const below = (/** @type {number} */ n) => Math.floor(next() * n);

class Connection {
  #client;
  #server;
  /** Bytes until it fails, by direction. */
  #left = { up: Number.POSITIVE_INFINITY, down: Number.POSITIVE_INFINITY };
  /** @type {"cut" | "silence" | undefined} */
  #fault;
  #failed = false;
  #slow;
  #frames;

  /** @param {import("node:net").Socket} client @param {number} port */
  constructor(client, port) {
    this.#client = client;
    this.#server = createConnection(port, "127.0.0.1");
    this.#fault = chance(plan.cut) ? "cut" : chance(plan.silence) ? "silence" : undefined;
    if (this.#fault) this.#left[chance(0.5) ? "up" : "down"] = 1 + below([400, 3_000, 30_000][below(3)] ?? 400);
    this.#slow = chance(plan.delay);
    if (this.#slow) counts.delay += 1;
    this.#frames = new Frames();
    this.#forward(client, this.#server, "up");
    this.#forward(this.#server, client, "down");
    connections.add(this);
  }

  cut() {
    this.#failed = true;
    this.#client.destroy();
    this.#server.destroy();
    connections.delete(this);
  }

  /** @param {import("node:net").Socket} from @param {import("node:net").Socket} to @param {"up" | "down"} way */
  #forward(from, to, way) {
    let before = Promise.resolve();
    from.setNoDelay(true);
    from.on("data", (chunk) => {
      if (this.#failed) return;
      const taken = chunk.subarray(0, this.#left[way]);
      this.#left[way] -= chunk.length;
      const parts = way === "up" ? this.#frames.take(taken) : [taken];
      if (this.#slow) {
        const wait = below(MOST_DELAY);
        before = before.then(() => new Promise((resolve) => setTimeout(resolve, wait))).then(() => write(to, parts));
      } else write(to, parts);
      if (this.#left[way] <= 0) this.#fail();
    });
    if (way === "up") this.#frames.late = (part) => write(to, [part]);
    from.on("error", () => undefined); // The close that follows says all.
    from.on("close", () => {
      // A silent network does not say that the other end has gone either.
      if (!this.#failed) before.then(() => this.cut());
    });
  }

  #fail() {
    this.#failed = true;
    counts[this.#fault ?? "cut"] += 1;
    if (this.#fault === "cut") return this.cut();
    setTimeout(() => this.cut(), WONDERS);
  }
}

/** @param {import("node:net").Socket} to @param {readonly Buffer[]} parts */
function write(to, parts) {
  if (to.destroyed) return;
  for (const part of parts) to.write(part);
}

/** What a client sends, frame by frame; some come twice, some behind the one that follows them. */
class Frames {
  /** Where a frame that nothing followed goes. @type {(part: Buffer) => void} */
  late = () => undefined;
  #rest = Buffer.alloc(0);
  #upgraded = false;
  /** The first frame says who comes: without it there is no session. */
  #first = true;
  /** @type {Buffer | undefined} */
  #held;

  /** @param {Buffer} chunk @returns {Buffer[]} */
  take(chunk) {
    this.#rest = Buffer.concat([this.#rest, chunk]);
    /** @type {Buffer[]} */
    const parts = [];
    if (!this.#upgraded) {
      const end = this.#rest.indexOf("\r\n\r\n");
      if (end < 0) return [];
      this.#upgraded = true;
      parts.push(this.#shift(end + 4));
    }
    for (let length = frameLength(this.#rest); length !== undefined; length = frameLength(this.#rest)) {
      this.#one(this.#shift(length), parts);
    }
    return parts;
  }

  /** @param {Buffer} frame @param {Buffer[]} parts */
  #one(frame, parts) {
    const isText = ((frame[0] ?? 0) & 0x0f) === 1;
    const held = this.#held;
    this.#held = undefined;
    if (isText && !this.#first && held === undefined && chance(plan.reorder)) {
      this.#held = frame;
      setTimeout(() => {
        if (this.#held !== frame) return;
        this.#held = undefined;
        this.late(frame);
      }, OVERTAKEN);
      return;
    }
    parts.push(frame);
    if (isText && !this.#first && chance(plan.repeat)) {
      counts.repeat += 1;
      parts.push(frame);
    }
    if (held !== undefined) {
      counts.reorder += 1;
      parts.push(held);
    }
    if (isText) this.#first = false;
  }

  /** @param {number} length */
  #shift(length) {
    const part = this.#rest.subarray(0, length);
    this.#rest = this.#rest.subarray(length);
    return part;
  }
}

/** The length of the masked frame that `data` begins with (RFC 6455, section 5.2); undefined while it is not whole. @param {Buffer} data */
function frameLength(data) {
  if (data.length < 2) return undefined;
  const short = (data[1] ?? 0) & 0x7f;
  const head = short < 126 ? 2 : short === 126 ? 4 : 10;
  if (data.length < head) return undefined;
  const payload = short < 126 ? short : short === 126 ? data.readUInt16BE(2) : Number(data.readBigUInt64BE(2));
  const length = head + 4 + payload;
  return data.length < length ? undefined : length;
}

/** @type {Record<string, (value: any) => unknown>} */
const ASKS = {
  /** A port in front of another: the first time it is opened, later it leads elsewhere. */
  lead({ front, port }) {
    if (front !== undefined) {
      behind.set(front, port);
      return front;
    }
    return new Promise((resolve) => {
      const server = createServer((client) => {
        const at = behind.get(/** @type {import("node:net").AddressInfo} */ (server.address()).port);
        if (at === undefined) client.destroy();
        else new Connection(client, at);
      });
      server.listen(0, "127.0.0.1", () => {
        const own = /** @type {import("node:net").AddressInfo} */ (server.address()).port;
        behind.set(own, port);
        resolve(own);
      });
    });
  },
  plan(value) {
    plan = value;
  },
  /** Every connection at once. */
  storm() {
    const all = [...connections];
    for (const connection of all) connection.cut();
    return all.length;
  },
  counts: () => counts,
};

process.on("message", async (/** @type {{ ask: string, value: unknown }} */ { ask, value }) => {
  process.send?.({ answer: await ASKS[ask]?.(value) });
});
process.on("disconnect", () => process.exit());
