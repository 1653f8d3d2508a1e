import { beforeEach, describe, expect, it } from "vitest";
import type { Incoming } from "./guards.js";
import { Newness } from "./newness.js";
import { EMPTY, reduce, type Transcript } from "./transcript.js";

const SID = "0".repeat(40);
const welcome = (latest: number, sid = SID): Incoming => ({
  kind: "Welcome",
  sid,
  token: "",
  flow: { id: "f", version: 1, appearance: {} },
  latest,
});
const text = (seq: number): Incoming => ({
  ...{ kind: "Message", seq, id: `b.${seq}`, at: "" },
  message: { kind: "BotText", content: `${seq}` },
});
const turn = (ended = false): Incoming => ({ kind: "Turn", of: "x", ended });

let newness: Newness;
let transcript: Transcript;
beforeEach(() => {
  newness = new Newness();
  transcript = EMPTY;
});
/** What the page is told of these, and whether each was drawn as something from before. */
const told = (...events: Incoming[]) =>
  events.flatMap((event) => {
    const before = transcript;
    transcript = reduce(transcript, event);
    const drawn = newness.replaying ? "old" : "new";
    const types = newness.after(event, before, transcript).map(([type]) => type);
    return event.kind === "Message" ? [`${event.seq} ${drawn}`, ...types] : types;
  });

describe("Newness", () => {
  it("a conversation that begins is all news, its end too", () => {
    expect(told(welcome(0), text(1), text(2), turn(true))).toEqual([
      "ready",
      "1 new",
      "message",
      "2 new",
      "message",
      "end",
    ]);
  });

  it("at a load what was said before is not, nor that it had ended", () => {
    expect(told(welcome(2), text(1), text(2), turn(true))).toEqual(["1 old", "2 old", "ready"]);
    expect(told(text(3))).toEqual(["3 new", "message"]);
    expect(newness.settled).toBe(true);
  });

  it("what came while the line was down is news, once", () => {
    told(welcome(1), text(1), turn());
    expect(told(welcome(3), text(2), text(3), turn(true))).toEqual(["2 new", "message", "3 new", "message", "end"]);
    expect(told(welcome(3), turn(true))).toEqual([]);
  });

  it("what is read again is not: a log that is another, or a gap", () => {
    told(welcome(2), text(1), text(2), turn());
    expect(told(welcome(2), { kind: "Resync" }, text(1), text(2), text(3))).toEqual([
      "1 old",
      "2 old",
      "3 new",
      "message",
    ]);
    newness.again();
    transcript = reduce(transcript, { kind: "forget" });
    expect(told(welcome(3), text(1), text(2), text(3))).toEqual(["1 old", "2 old", "3 old"]);
  });

  it("another conversation is told by a new ready", () => {
    told(welcome(0), text(1), turn());
    newness.forget();
    expect(told(welcome(1, "f".repeat(40)), text(1), turn())).toEqual(["1 old", "ready"]);
  });
});
