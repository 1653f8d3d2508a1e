import { expect, it } from "vitest";
import { atRest } from "./at-rest.js";

/** A clock of which the time is set by hand. */
function clock() {
  let time = 0;
  let due: { at: number; run: () => void } | undefined;
  return {
    now: () => time,
    timer: (run: () => void, ms: number) => {
      const mine = { at: time + ms, run };
      due = mine;
      return () => {
        if (due === mine) due = undefined;
      };
    },
    /** Lets so many ms pass. */
    pass(ms: number) {
      const until = time + ms;
      while (due !== undefined && due.at <= until) {
        const { at, run } = due;
        time = at;
        due = undefined;
        run();
      }
      time = until;
    },
  };
}

it("what is asked for once is done when the hand rests", () => {
  const { now, timer, pass } = clock();
  const later = atRest(timer, now);
  const done: number[] = [];
  later(() => done.push(now()));
  expect(done).toEqual([]);
  pass(1000);
  later(() => done.push(now()));
  pass(1000);
  expect(done).toEqual([250, 1250]);
});

it("a burst is waited for, and only the newest is done", () => {
  const { now, timer, pass } = clock();
  const later = atRest(timer, now);
  const done: string[] = [];
  for (const letter of "abcdefgh") {
    later(() => done.push(`${letter} at ${now()}`));
    pass(90);
  }
  pass(1000);
  expect(done).toEqual(["h at 880"]);
});

it("a burst without an end is done now and then", () => {
  const { now, timer, pass } = clock();
  const later = atRest(timer, now);
  const done: number[] = [];
  for (let letter = 0; letter < 60; letter++) {
    later(() => done.push(now()));
    pass(90);
  }
  expect(done).toEqual([3000]);
});
