import { describe, expect, it } from "vitest";
import { logAddress } from "../address.js";
import { fluvioAddress } from "./address.js";

describe("fluvioAddress", () => {
  it.each([
    ["fluvio://localhost", { host: "localhost", port: 9003, name: "bot-assist-messages" }],
    ["fluvio://10.0.0.1:9103/bots/", { host: "10.0.0.1", port: 9103, name: "bots" }],
  ])("reads %s", (text, expected) => {
    expect(fluvioAddress(text)).toMatchObject({ engine: "fluvio", ...expected });
  });

  it.each(["", "fluvio://", "fluvio://h:port", "fluvio://h:0", "fluvio://h/Name", "fluvio://h/a.b", "fluvio://h/x/y"])(
    "refuses %j, and says by what it was given",
    (text) => {
      expect(() => fluvioAddress(text, "--log")).toThrow(
        expect.objectContaining({ exitCode: 2, message: expect.stringMatching(/^--log must be as fluvio/) }),
      );
    },
  );
});

describe("which log is meant", () => {
  it.each([
    ["the flag before the rest", "sqlite", { LOG: "nats://h" }, undefined],
    ["LOG before what stands in for it", undefined, { LOG: "sqlite", NATS_URL: "nats://h" }, undefined],
    ["NATS_URL", undefined, { NATS_URL: "nats://h:1/x" }, "nats://h:1/x"],
    ["FLUVIO_ENDPOINT", undefined, { FLUVIO_ENDPOINT: "h:9003" }, "fluvio://h:9003/bot-assist-messages"],
    ["none", undefined, { LOG: "", FLUVIO_ENDPOINT: "" }, undefined],
  ])("%s", (_, flag, env, shown) => {
    expect(logAddress(flag, env)?.shown).toBe(shown);
  });

  it.each([
    [{ NATS_URL: "nats://h", FLUVIO_ENDPOINT: "h" }, "both"],
    [{ FLUVIO_ENDPOINT: "h:x" }, "FLUVIO_ENDPOINT"],
    [{ LOG: "kafka://u:secret@h" }, "LOG must be sqlite, nats"],
  ])("refuses %j", (env, words) => {
    const refused = expect.objectContaining({ exitCode: 2, message: expect.stringContaining(words) });
    expect(() => logAddress(undefined, env)).toThrow(refused);
  });
});
