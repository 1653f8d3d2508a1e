import { expect, it } from "vitest";
import { Descriptors, descriptorLimit } from "./descriptors.js";

it("[P13] counts sockets as they come and the rest as it was found, and keeps 200", async () => {
  let [open, sockets] = [60, 0];
  const descriptors = new Descriptors(1_000, async () => open);
  descriptors.counts(() => sockets);
  await descriptors.look();
  sockets = 739;
  expect(descriptors.spent).toBe(false);
  sockets = 740;
  expect(descriptors.spent).toBe(true);
  // Ten files more, found by the next look, are ten sockets fewer.
  [open, sockets] = [810, 740];
  await descriptors.look();
  sockets = 730;
  expect(descriptors.spent).toBe(true);
  sockets = 729;
  expect(descriptors.spent).toBe(false);
  expect(descriptors.connections).toBe(900);
});

it("[P13] knows the limit of this process, and assumes one hundred files where nobody says", async () => {
  expect(descriptorLimit()).toBeGreaterThan(200);
  const descriptors = new Descriptors(400, async () => undefined);
  let sockets = 99;
  descriptors.counts(() => sockets);
  await descriptors.look();
  expect(descriptors.spent).toBe(false);
  sockets = 100;
  expect(descriptors.spent).toBe(true);
});
