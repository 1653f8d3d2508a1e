import { expect, it } from "vitest";
import { powerLoss } from "./power-loss.js";

const varz = (config: object) => ({ version: "2.10.0", jetstream: { config } });

it.each([
  ["2.9.10", varz({ sync_always: true }), false, "2.10"],
  ["2.10.0", undefined, false, "--monitor"],
  ["2.12.1", varz({ sync_interval: 120_000_000_000 }), false, "not always"],
  ["2.12.1", {}, false, "not always"],
  ["2.12.1", null, false, "not always"],
  ["2.12.1", varz({ sync_interval: 120_000_000_000, sync_always: true }), true, "always"],
  ["3.0.0", varz({ sync_always: true }), true, "always"],
])(
  "of nats-server %s that says %j a power loss is promised to take nothing: %j",
  (version, said, promised, because) => {
    expect(powerLoss(version, said)).toEqual({ promised, because: expect.stringContaining(because) });
  },
);
