import { expect, it } from "vitest";
import { partitioner, partitionOfKey } from "./partitioner.js";

it.each([
  ["00000000aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", 0],
  ["00000001aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", 2],
  ["00000002aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", 0],
  ["00000003aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", 1],
  ["00000004aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", 1],
  ["00000063aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", 2],
  ["000000ffaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", 0],
  ["aa", 0],
])("a key is in the partition that Fluvio's own client was seen to put it in: %s", (key, partition) => {
  expect([partitionOfKey(key, 3), partitioner(3)(key)]).toEqual([partition, partition]);
});
