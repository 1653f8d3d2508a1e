import { describe, expect, it } from "vitest";
import { SHORTER, SILENCE, Watchdog } from "./watchdog.js";

const at = (end: number, online = true) => ({ end, online });

describe("the watchdog of a stream", () => {
  it("takes it for dead when it has brought nothing for 3 s while there was more, and not before", () => {
    const dog = new Watchdog();
    expect(dog.look(0, at(10), 9)).toBe("fine");
    expect(dog.look(SILENCE - 1, at(12), 9)).toBe("fine");
    expect(dog.look(SILENCE, at(12), 9)).toBe("dead");
  });

  it("leaves one alone that has nothing to bring, however long, and one that is behind and comes on", () => {
    const dog = new Watchdog();
    for (let now = 0; now < 100 * SILENCE; now += SILENCE) expect(dog.look(now, at(10), 10)).toBe("fine");
    for (let now = 0; now < 100 * SILENCE; now += SILENCE) {
      dog.heard();
      expect(dog.look(now, at(10_000), 10)).toBe("fine");
    }
  });

  it("counts from when it fell behind, not from what came last", () => {
    const dog = new Watchdog();
    expect(dog.look(0, at(10), 10)).toBe("fine");
    expect(dog.look(60_000, at(11), 10)).toBe("fine");
    expect(dog.look(60_000 + SILENCE, at(11), 10)).toBe("dead");
    dog.heard();
    expect(dog.look(60_000 + SILENCE, at(11), 10)).toBe("fine");
  });

  it("takes a partition for made anew when it has ended before what was read for long, while somebody has it", () => {
    const dog = new Watchdog();
    expect(dog.look(0, at(5), 9)).toBe("fine");
    expect(dog.look(SHORTER - 1, at(5), 9)).toBe("fine");
    expect(dog.look(SHORTER, at(5, false), 9)).toBe("fine");
    expect(dog.look(SHORTER + 1, at(5), 9)).toBe("fine");
    expect(dog.look(2 * SHORTER + 1, at(5), 9)).toBe("anew");
  });
});
