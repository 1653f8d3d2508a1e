import { chmodSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { natsAddress } from "../log/nats/address.js";
import { openNatsLog } from "../log/nats/nats-log.js";
import { openSqliteLog } from "../log/sqlite.js";
import { FalseFluvio } from "../testing/false-fluvio.js";
import { type NatsServer, startNatsServer } from "../testing/nats-server.js";
import { sidOf, text } from "../testing/records.js";
import { scratch } from "../testing/server.js";
import { type LogIo, runCleanup, runDoctor, runSetup } from "./log-commands.js";

let server: NatsServer;
beforeAll(async () => {
  server = await startNatsServer();
});
afterAll(() => server.dispose());

let said: string;
let typed: string;
let folder: ReturnType<typeof scratch>;
beforeEach(() => {
  folder = scratch();
  [said, typed] = ["", ""];
});
afterEach(() => folder.dispose());
const io = (env: LogIo["env"]): LogIo => ({
  stdout: (line) => {
    said += line;
  },
  ask: async () => typed,
  env,
  cwd: folder.path,
  fetch,
});

describe("a log on NATS", () => {
  it("is set up once, looked at, and cleaned up by who types its name", async () => {
    const LOG = `nats://${server.address}/mine`;
    const nats = io({ LOG, PARTITIONS_COUNT: "2" });
    expect(await runDoctor([], nats)).toBe(1);
    expect(said).toContain("npm run setup");
    await runSetup([], nats);
    expect(said).toContain("Made 5 streams");
    await runSetup([], nats);
    expect(said).toContain("nothing was changed");
    await expect(runSetup(["--partitions-count", "3"], nats)).rejects.toMatchObject({ code: "partitions" });
    const log = await openNatsLog({ address: natsAddress(LOG), partitions: 2 });
    await log.append([text(sidOf(0), "1")]);
    await log.close();
    said = "";
    expect(await runDoctor([], nats)).toBe(0);
    expect(said).toMatch(/nats-server \d/);
    expect(said).toMatch(/Power loss +not promised/);
    expect(said).toContain("5, of them 2 partitions");
    expect(said).toContain("1 messages");
    typed = "yes";
    await expect(runCleanup([], nats)).rejects.toMatchObject({ code: "not-confirmed" });
    typed = "mine";
    await runCleanup([], nats);
    expect(said).toContain("Deleted 5 streams");
    await runCleanup(["--yes"], nats);
    expect(said).toContain("nothing was deleted");
  });

  it("is told to outlast a power loss by nothing but what the server's monitoring port says", async () => {
    const port = createServer((_, response) => {
      response.end(JSON.stringify({ jetstream: { config: { sync_always: true } } }));
    });
    await new Promise<void>((resolve) => port.listen(0, "127.0.0.1", resolve));
    const monitor = `http://127.0.0.1:${(port.address() as AddressInfo).port}`;
    await runDoctor(["--monitor", monitor], io({ LOG: `nats://${server.address}/other` }));
    // The server of the tests may be older than the setting; power-loss.test.ts has the rest.
    expect(said).toMatch(
      /Power loss +(not promised: nats-server 2\.9|nothing acknowledged is lost: its sync_interval)/,
    );
    await new Promise((resolve) => port.close(resolve));
    const doctor = runDoctor(["--monitor", monitor], io({ LOG: `nats://${server.address}/other` }));
    await expect(doctor).rejects.toMatchObject({ code: "unreachable", message: expect.stringContaining(monitor) });
  });

  it("that cannot be reached is said with its address, and so is a value that is none", async () => {
    const away = io({ LOG: "nats://127.0.0.1:1/x" });
    for (const run of [runSetup, runCleanup, runDoctor]) {
      await expect(run([], away)).rejects.toMatchObject({ message: expect.stringContaining("127.0.0.1:1") });
    }
    await expect(runSetup(["--replicas", "9"], io({ LOG: `nats://${server.address}` }))).rejects.toMatchObject({
      exitCode: 2,
      message: expect.stringContaining("--replicas"),
    });
  });
});

describe("a log on Fluvio", () => {
  const FLUVIO_ENDPOINT = "10.0.0.1:9003";
  const on = (fluvio: FalseFluvio, env: LogIo["env"] = {}) => ({
    ...io({ FLUVIO_ENDPOINT, PARTITIONS_COUNT: "2", ...env }),
    fluvio: fluvio.connect,
  });

  it("is set up once, looked at, and cleaned up by who types its name; how long it keeps records is said", async () => {
    const fluvio = new FalseFluvio();
    expect(await runDoctor([], on(fluvio))).toBe(1);
    expect(said).toContain('Missing      bot-assist-messages-control, bot-assist-messages: run "npm run setup"');
    said = "";
    await runSetup([], on(fluvio));
    expect(said).toContain("Made 2 topics on fluvio://10.0.0.1:9003/bot-assist-messages");
    expect(said).toMatch(/bot-assist-messages 7 days \(Fluvio's default\)/);
    expect(said).toContain("fluvio topic create bot-assist-messages --partitions 2 --replication 1 --retention-time");
    expect([...fluvio.topics].map(([name, { length }]) => [name, length])).toEqual([
      ["bot-assist-messages", 2],
      ["bot-assist-messages-control", 1],
    ]);
    await runSetup([], on(fluvio));
    expect(said).toContain("nothing was changed");
    await expect(runSetup(["--partitions-count", "3"], on(fluvio))).rejects.toMatchObject({ code: "partitions" });
    said = "";
    expect(await runDoctor([], on(fluvio))).toBe(0);
    expect(said).toMatch(/Power loss +not promised/);
    fluvio.killSpu();
    expect(await runDoctor([], on(fluvio))).toBe(1);
    expect(said).toMatch(/Away +.*bot-assist-messages-1.*start the SPU/);
    typed = "yes";
    await expect(runCleanup([], on(fluvio))).rejects.toMatchObject({ code: "not-confirmed" });
    expect(fluvio.topics.size).toBe(2);
    typed = "bot-assist-messages";
    await runCleanup([], on(fluvio));
    expect([said.includes("Deleted 2 topics"), fluvio.topics.size]).toEqual([true, 0]);
    await runCleanup(["--yes"], on(fluvio));
    expect(said).toContain("nothing was deleted");
  });

  it("says how long its topics keep records where that was chosen, without advice", async () => {
    const fluvio = new FalseFluvio();
    await runSetup([], on(fluvio));
    fluvio.retention = 365 * 86_400;
    said = "";
    await runSetup([], on(fluvio));
    expect(said.split("\n").slice(1)).toEqual([
      "Retention: bot-assist-messages-control 365 days, bot-assist-messages 365 days.",
      "",
    ]);
  });

  it("that cannot be reached is said with its address", async () => {
    const fluvio = new FalseFluvio();
    fluvio.sc = false;
    for (const run of [runSetup, runCleanup, runDoctor]) {
      await expect(run([], on(fluvio))).rejects.toMatchObject({
        code: "unreachable",
        message: expect.stringContaining(FLUVIO_ENDPOINT),
      });
    }
  });
});

describe("a log in a file", () => {
  it("needs no setup, and the doctor reads all of it", async () => {
    const embedded = io({ DATA_DIR: "." });
    await runSetup([], embedded);
    await runCleanup(["--yes"], embedded);
    expect(said).toContain("nothing to set up");
    expect(await runDoctor([], embedded)).toBe(0);
    const file = join(folder.path, "log.db");
    const log = await openSqliteLog({ file });
    await log.append([text(sidOf(0), "1")]);
    await log.close();
    chmodSync(file, 0o600);
    said = "";
    expect(await runDoctor([], embedded)).toBe(0);
    expect(said).toMatch(/Found +nothing wrong/);
    writeFileSync(file, "no database at all".repeat(500));
    expect(await runDoctor([], embedded)).toBe(1);
    expect(said).toContain("damaged");
  });
});
