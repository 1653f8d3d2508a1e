import { spawnSync } from "node:child_process";
import { closeSync, existsSync, openSync, rmSync, statfsSync, statSync, writeSync } from "node:fs";
import { join } from "node:path";
import type { Erasure } from "@parley/shared/api/conversations";
import { clientId } from "@parley/shared/record";
import { afterAll, expect, it } from "vitest";
import { type, V1Client } from "../testing/clients.js";
import { eventually } from "../testing/eventually.js";
import { readLogFile } from "../testing/log-file.js";
import { Patient } from "../testing/patient.js";
import { startServer } from "../testing/process.js";
import { scratch } from "../testing/server.js";
import { send, signInBy } from "../testing/studio.js";

const MIB = 1024 * 1024;
const folder = scratch();
const cleanup: (() => unknown)[] = [() => folder.dispose()];
afterAll(async () => {
  for (const step of cleanup.splice(0).reverse()) await step();
});

const mounted = spawnSync("mount", ["-t", "tmpfs", "-o", "size=64m", "tmpfs", folder.path]).status === 0;
if (mounted) cleanup.push(() => spawnSync("umount", [folder.path]));

/** Leaves so many bytes of the disk. */
function fill(left: number): void {
  const file = openSync(join(folder.path, "full"), "a");
  const chunk = Buffer.alloc(64 * 1024);
  try {
    for (;;) {
      const { bavail, bsize } = statfsSync(folder.path);
      const more = Math.min(bavail * bsize - left, chunk.length);
      if (more <= 0) break;
      writeSync(file, chunk, 0, more);
    }
  } catch {
    // The server was quicker with the last of it: it is full.
  }
  closeSync(file);
}

it.skipIf(!mounted)(
  `[P12] a full disk stops acknowledging and loses nothing; an erasure alone makes it go on${mounted ? "" : " (nothing may be mounted here)"}`,
  { timeout: 120_000 },
  async () => {
    const dataDir = join(folder.path, "data");
    const args = ["--limits", "off", "--log-level", "error", "--min-free", `${8 * MIB}`];
    const server = await startServer({ dataDir, args });
    cleanup.push(() => server.stop("SIGKILL"));
    const owner = await signInBy(server, /#(\S+)/.exec(server.output())![1]!);
    const chat = `${server.wsUrl}chat/bot-assistant`;
    const ready = async () => (await send(server.url, "GET", "/readyz")).json;
    const reserve = join(dataDir, "reserve");
    await eventually(() => expect(statSync(reserve).size).toBe(16 * MIB));
    const [large, other] = [new Patient(chat), new Patient(chat)];
    const long = type("x", "x".repeat(3_500));
    for (let n = 0; n < 500; n++) expect(await large.says(`l${n}`, long)).toBe(true);

    fill(6 * MIB);
    expect(await other.says("late")).toBe(true);
    await eventually(async () => expect(await ready()).toMatchObject({ ready: true, disk: { ok: false } }));
    await expect(V1Client.connect(chat)).rejects.toThrow("1013 retry-after=");
    expect(await other.says("still")).toBe(true);

    fill(0);
    let n = 0;
    while (await other.says(`o${n}`, long)) {
      n += 1;
      fill(0);
    }
    for (let tries = 0; tries < 3; tries++) expect(await other.says(`o${n}`, long)).toBe(false);
    expect(await ready()).toMatchObject({ log: { ok: false, problem: expect.stringContaining("full") } });
    expect(existsSync(reserve)).toBe(true);

    const path = `/api/flows/bot-assistant/conversations/${large.sid}`;
    await eventually(async () => {
      const erased = await send(server.url, "DELETE", path, { headers: owner });
      expect((erased.json as Erasure).done, erased.text).toBeDefined();
    });
    expect(existsSync(reserve)).toBe(false);
    await eventually(async () => expect(await other.says(`o${n}`, long)).toBe(true));
    expect(await ready()).toMatchObject({ log: { ok: true } });

    rmSync(join(folder.path, "full"));
    await eventually(() => expect(statSync(reserve).size).toBe(16 * MIB));
    await eventually(async () => (await V1Client.connect(chat)).close());
    // Also a start on a full disk is one that can erase.
    await server.stop("SIGKILL");
    fill(0);
    const again = await startServer({ dataDir, args });
    cleanup.push(() => again.stop("SIGKILL"));
    expect(existsSync(reserve)).toBe(false);
    await again.stop("SIGKILL");
    const log = readLogFile(dataDir);
    const stored = (log.get(other.sid) ?? []).map(({ id }) => id);
    for (const id of other.acked)
      expect(
        stored.filter((one) => one === clientId(id)),
        id,
      ).toHaveLength(1);
    expect(log.get(large.sid)).toHaveLength(1);
  },
);
