import { beforeEach, describe, expect, it } from "vitest";
import { Pace } from "./pace.js";
import { EMPTY, type Item, type Transcript } from "./transcript.js";

let now: number;
let due: { at: number; run: () => void } | undefined;
let still: boolean;
let speed: "natural" | "slow";
let pace: Pace;
let t: Transcript;

const bot = (seq: number, length = 20): Item => ({ kind: "bot", key: `b${seq}`, seq, content: "x".repeat(length) });
const own = (seq: number): Item => ({ kind: "visitor", key: `v${seq}`, seq, text: "x", rich: false });
const having = (items: Item[], latest = 0): Transcript => ({
  ...EMPTY,
  items,
  latest,
  last: { seq: items.at(-1)?.seq ?? 0, id: "x" },
});
function tick() {
  const { at, run } = due!;
  due = undefined;
  now = at;
  run();
}

beforeEach(() => {
  now = 0;
  due = undefined;
  still = false;
  speed = "natural";
  pace = new Pace(
    {
      now: () => now,
      setTimeout: (run, ms) => {
        due = { at: now + ms, run };
        return 1;
      },
      clearTimeout: () => {
        due = undefined;
      },
    },
    () => (still ? "off" : speed),
    () => pace.update(t),
  );
});

describe("Pace", () => {
  it("shows the first at once, the next after 300 ms + 15 ms a character, at most 1.2 s", () => {
    t = having([bot(1), bot(2, 20), bot(3, 500)]);
    pace.update(t);
    expect(pace.shown).toBe(1);
    expect(due?.at).toBe(600);
    tick();
    expect(pace.shown).toBe(2);
    expect(due?.at).toBe(1800);
    tick();
    expect(pace.shown).toBe(3);
    expect(pace.busy).toBe(false);
  });

  it("takes twice the time when it is to be slow", () => {
    speed = "slow";
    t = having([bot(1), bot(2, 20)]);
    pace.update(t);
    expect(due?.at).toBe(1200);
  });

  it("never delays what is replayed", () => {
    pace.update(having([bot(1), bot(2), bot(3)], 3));
    expect(pace.shown).toBe(3);
    expect(pace.busy).toBe(false);
  });

  it("never delays with reduced motion", () => {
    still = true;
    pace.update(having([bot(1), bot(2), bot(3)]));
    expect(pace.shown).toBe(3);
  });

  it("shows all once the visitor acts, and what he said at once", () => {
    t = having([bot(1), bot(2), bot(3)]);
    pace.update(t);
    pace.hurry(t);
    expect(pace.shown).toBe(3);
    expect(pace.busy).toBe(false);
    t = having([bot(1), bot(2), bot(3), bot(4), own(5)]);
    pace.update(t);
    expect(pace.shown).toBe(5);
  });

  it("counts a message that shows nothing as shown", () => {
    pace.update({ ...having([bot(1)]), last: { seq: 2, id: "end" } });
    expect(pace.shown).toBe(2);
  });

  it("follows a transcript that begins again", () => {
    pace.update(having([bot(1), bot(2), bot(3)], 3));
    pace.update({ ...EMPTY });
    expect(pace.shown).toBe(0);
  });
});
