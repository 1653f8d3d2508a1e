import { describe, expect, it } from "vitest";
import { readConfig, serveHelp } from "./config.js";

describe("readConfig", () => {
  it("has the documented defaults", () => {
    expect(readConfig(["a.json"], {})).toMatchObject({
      port: 9998,
      host: "127.0.0.1",
      dataDir: "./data",
      trustProxy: 0,
      logLevel: "info",
      drain: 8000,
      limits: { sessionsPerMinute: 60, recordsPerSession: 5000 },
      flows: ["a.json"],
    });
  });

  it("keeps the log in a file unless it names one that processes share", () => {
    expect(readConfig([], {})).toMatchObject({ log: undefined, role: "all" });
    const nats = readConfig(["--role", "workflow"], { LOG: "nats://h/x" });
    expect(nats).toMatchObject({ log: { engine: "nats", servers: ["h:4222"], name: "x" }, role: "workflow" });
    const fluvio = readConfig([], { FLUVIO_ENDPOINT: "h:9103" });
    expect(fluvio.log).toMatchObject({ engine: "fluvio", host: "h", port: 9103, name: "bot-assist-messages" });
  });

  it("takes the partitions that a process steps, as numbers and ranges", () => {
    const owned = (PARTITIONS: string) =>
      readConfig([], { LOG: "fluvio://h", PARTITIONS_COUNT: "8", PARTITIONS }).owned;
    expect([owned(""), owned("3"), owned("0-3"), owned("5-7,0, 2,6")]).toEqual([
      undefined,
      [3],
      [0, 1, 2, 3],
      [0, 2, 5, 6, 7],
    ]);
  });

  it("takes the targets that webhooks may go to besides public ones, none unless it is said", () => {
    const allow = (text: string) => readConfig([], { WEBHOOK_ALLOW: text }).webhookAllow;
    expect([allow(""), allow("Hooks.Internal:80, 127.1:08443,[::1]:9")]).toEqual([
      [],
      ["hooks.internal:80", "127.0.0.1:8443", "[::1]:9"],
    ]);
    for (const text of ["hooks.internal", "a:b", "http://a:80", "u@a:80", "a:99999", "a:80/x", ","]) {
      expect(() => allow(text)).toThrow("host:port, several with commas between, as hooks.internal:8080");
    }
  });

  it("takes a flag before the environment", () => {
    const config = readConfig(["--port", "0", "--limits=off"], {
      PORT: "1",
      LIMITS: "on",
      PUBLIC_URL: "https://bots.example",
    });
    expect(config).toMatchObject({ port: 0, limits: undefined });
    expect(config.publicUrl?.origin).toBe("https://bots.example");
  });

  it.each([
    [["--prot", "1"], {}, "--prot"],
    [["--port", "http"], {}, "--port"],
    [[], { PORT: "70000" }, "PORT"],
    [[], { LIMITS: "no" }, "LIMITS"],
    [[], { PUBLIC_URL: "https://bots.example/path" }, "PUBLIC_URL"],
    [[], { PUBLIC_URL: "ftp://bots.example" }, "PUBLIC_URL"],
    [[], { LOG_LEVEL: "loud" }, "LOG_LEVEL"],
    [[], { LOG: "kafka://h" }, "LOG"],
    [["--log", "nats://"], {}, "--log"],
    [[], { ROLE: "gateway" }, "ROLE"],
    [[], { STUDIO_URL: "http://studio:9998/studio" }, "STUDIO_URL"],
    [[], { LOG: "fluvio://h", PARTITIONS: "2-4" }, "PARTITIONS"],
    [["--partitions", "3-1"], { LOG: "fluvio://h" }, "--partitions"],
    [[], { LOG: "nats://h", PARTITIONS: "all" }, "PARTITIONS"],
    [[], { PARTITIONS: "0" }, "PARTITIONS"],
  ])("refuses %j %j with exit code 2 and says which", (argv, env, name) => {
    expect(() => readConfig(argv, env)).toThrow(
      expect.objectContaining({ exitCode: 2, message: expect.stringContaining(name) }),
    );
  });

  it("lists every setting with its default", () => {
    for (const text of ["--port, PORT", "(9998)", "--data-dir, DATA_DIR", "--trust-proxy", "--limits", "PUBLIC_URL"]) {
      expect(serveHelp()).toContain(text);
    }
  });
});
