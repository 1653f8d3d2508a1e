import { clientFrame } from "./raw-socket.mjs";

/** The two answers of bot-assistant.json that lead from one question to the other and back, for ever. */
const ANSWERS = [
  { groupId: "lang", itemId: "go", content: "Go" },
  { groupId: "others", itemId: "yes", content: "Yes" },
].map((answer) => ({ kind: "ChoiceResponse", ...answer }));
const FRAMES = ANSWERS.map((answer) => clientFrame(JSON.stringify(answer)));

/**
 * What one connection says and waits for. `next()` is the frame to send; `done(payload)` says whether this frame is the
 * last of the turn. Before the first turn `ready(payload)` says whether the server has said all it says by itself.
 * @typedef {{ hello?: Buffer, ready: (payload: Buffer) => boolean, next: () => Buffer, done: (payload: Buffer) => boolean }} Visitor
 */

/** @type {Record<"echo" | "bare" | "v1", () => Visitor>} */
export const VISITORS = { echo, bare, v1 };

/** Sends the same bytes as a visitor of the bare protocol and waits until they are back. */
function echo() {
  let n = 0;
  return { ready: () => true, next: () => FRAMES[n++ & 1], done: () => true };
}

/** A turn of the bare protocol: the answer, then the question that follows. */
function bare() {
  let n = 0;
  return {
    ready: (payload) => asks(payload, 0),
    next: () => FRAMES[n & 1],
    done(payload) {
      n += 1;
      if (!asks(payload, n & 1)) throw new Error(`not the question that follows: ${payload}`);
      return true;
    },
  };
}

/** Whether a frame of the bare protocol is the question that `ANSWERS[which]` answers. */
function asks(payload, which) {
  // {"kind":"ChoiceRequest","groupId":"lang" or "others", told apart by one letter: parsing would load the machine.
  return payload.length > 40 && payload[9] === 0x43 && payload[35] === (which === 0 ? 0x6c : 0x6f);
}

/** A turn of `parley.v1`: the answer, then its Ack, itself, the question that follows, and `Turn`. */
function v1() {
  let n = 0;
  const run = Math.random().toString(36).slice(2);
  const isTurn = (payload) => payload[9] === 0x54 && payload[10] === 0x75;
  return {
    hello: clientFrame('{"kind":"Hello"}'),
    ready: isTurn,
    next: () => clientFrame(JSON.stringify({ kind: "Send", id: `${run}-${n}`, message: ANSWERS[n & 1] })),
    done(payload) {
      if (!isTurn(payload)) return false;
      n += 1;
      return true;
    },
  };
}
