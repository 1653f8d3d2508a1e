import { describe, expect, it } from "vitest";
import { natsAddress } from "./address.js";

describe("natsAddress", () => {
  it.each([
    ["nats://localhost", { servers: ["localhost:4222"], tls: false, name: "parley" }],
    ["nats://10.0.0.1:4300/bots/", { servers: ["10.0.0.1:4300"], name: "bots" }],
    ["tls://a:1,b,[::1]:3/x", { servers: ["a:1", "b:4222", "[::1]:3"], tls: true, name: "x" }],
    ["nats://ada:p%40ss@h", { servers: ["h:4222"], user: "ada", password: "p@ss" }],
    ["nats://s3cr3t@h", { servers: ["h:4222"], token: "s3cr3t" }],
  ])("reads %s", (text, expected) => {
    expect(natsAddress(text)).toMatchObject(expected);
  });

  it("shows no password and no token", () => {
    expect(natsAddress("nats://ada:secret@h/x").shown).toBe("nats://h:4222/x");
    expect(natsAddress("tls://secret@h").shown).toBe("tls://h:4222/parley");
  });

  it.each(["", "postgres://h", "nats://", "nats://h:port", "nats://h/a.b", "nats://h/x/y", "nats://a:secret%@h"])(
    "refuses %j in a sentence that repeats none of it",
    (text) => {
      expect(() => natsAddress(text, "--log")).toThrow(
        expect.objectContaining({ exitCode: 2, message: expect.stringMatching(/^--log must be [^@]*$/) }),
      );
    },
  );
});
