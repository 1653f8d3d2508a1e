import { spawnSync } from "node:child_process";
import { existsSync, statSync } from "node:fs";
import { join } from "node:path";
import { clientId } from "@parley/shared/record";
import { afterEach, expect, it } from "vitest";
import { choose } from "../testing/clients.js";
import { eventually } from "../testing/eventually.js";
import { readLogFile } from "../testing/log-file.js";
import { Patient } from "../testing/patient.js";
import { startServer } from "../testing/process.js";
import { scratch } from "../testing/server.js";

const cleanup: (() => unknown)[] = [];
afterEach(async () => {
  for (const step of cleanup.splice(0).reverse()) await step();
});

const prlimit = spawnSync("prlimit", ["--version"]).status === 0;

it.skipIf(!prlimit)(
  `[P12] after an I/O error nothing is acknowledged until the file has proven itself, and a marked start looks first${prlimit ? "" : " (no prlimit here)"}`,
  { timeout: 60_000 },
  async () => {
    const folder = scratch();
    cleanup.push(() => folder.dispose());
    const [wal, mark] = [join(folder.path, "log.db-wal"), join(folder.path, "log.db.suspect")];
    const args = ["--limits", "off", "--log-level", "warn"];
    let server = await startServer({ dataDir: folder.path, args });
    cleanup.push(() => server.stop("SIGKILL"));
    const visitor = new Patient(`${server.wsUrl}chat/bot-assistant`);
    expect(await visitor.says("first", choose("lang", "go"))).toBe(true);
    /** No file of the server may grow beyond it; writing further is an I/O error. */
    const limitFiles = (bytes: number | "unlimited") => {
      const { status } = spawnSync("prlimit", ["--pid", `${server.pid}`, `--fsize=${bytes}:unlimited`]);
      expect(status).toBe(0);
    };
    const log = async () => ((await (await fetch(`${server.url}readyz`)).json()) as { log: object }).log;
    let n = 0;
    const untilRefused = async () => {
      limitFiles(statSync(wal).size + 30_000);
      while (await visitor.says(`m${n}`)) n += 1;
    };

    await untilRefused();
    expect(n).toBeGreaterThan(0);
    expect(existsSync(mark)).toBe(true);
    for (let tries = 0; tries < 3; tries++) expect(await visitor.says(`m${n}`)).toBe(false);
    expect(await log()).toMatchObject({ ok: false, problem: expect.stringContaining("disk I/O error") });
    // There is room again: without a restart.
    limitFiles("unlimited");
    await eventually(async () => expect(await visitor.says(`m${n}`)).toBe(true));
    expect(existsSync(mark)).toBe(false);
    expect(await log()).toMatchObject({ ok: true });

    n += 1;
    await untilRefused();
    expect(existsSync(mark)).toBe(true);
    await server.stop("SIGKILL");
    server = await startServer({ dataDir: folder.path, args });
    expect(server.output()).toMatch(/has met an error \(SQLITE_IOERR\w*\) and is read to its end/);
    expect(existsSync(mark)).toBe(false);
    visitor.chat = `${server.wsUrl}chat/bot-assistant`;
    expect(await visitor.says(`m${n}`)).toBe(true);
    const stored = (readLogFile(folder.path).get(visitor.sid) ?? []).map(({ id }) => id);
    for (const id of visitor.acked)
      expect(
        stored.filter((one) => one === clientId(id)),
        id,
      ).toHaveLength(1);
  },
);
