import { expect, it } from "vitest";
import { Expected } from "./expected.js";

it("an append is read back when each of its records was, in whatever order", async () => {
  const expected = new Expected();
  const one = expected.add(["a", "b"]);
  expected.read("b");
  expect(await one.back(0)).toBe("late");
  const waits = one.back(60_000);
  expected.read("a");
  expect([await waits, await one.back(0)]).toEqual(["read", "read"]);
});

it("one that a later one has overtaken is lost, until it is sent again behind it", async () => {
  const expected = new Expected();
  const [one, two, three] = ["a", "b", "c"].map((key) => expected.add([key]));
  const waits = one!.back(60_000);
  expected.read("b");
  expect([await waits, await two!.back(0), await three!.back(0)]).toEqual(["lost", "read", "late"]);
  one!.again();
  expect(await one!.back(0)).toBe("late");
  expected.read("c");
  expect([await one!.back(0), await three!.back(0)]).toEqual(["late", "read"]);
  expected.read("a");
  expect(await one!.back(0)).toBe("read");
});

it("who has given up is not overtaken, and overtakes nobody", async () => {
  const expected = new Expected();
  const [one, two] = ["a", "b"].map((key) => expected.add([key]));
  two!.forget();
  expected.read("b");
  expect(await one!.back(0)).toBe("late");
});
