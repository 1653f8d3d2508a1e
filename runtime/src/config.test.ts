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

  it("keeps the log in a file unless it names NATS servers", () => {
    expect(readConfig([], {})).toMatchObject({ log: undefined, role: "all" });
    const { log, role } = readConfig(["--role", "workflow"], { LOG: "nats://h/x" });
    expect([log?.servers, log?.name, role]).toEqual([["h:4222"], "x", "workflow"]);
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
