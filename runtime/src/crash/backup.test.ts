import { execFile } from "node:child_process";
import { existsSync, statSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { clientId } from "@parley/shared/record";
import { afterEach, expect, it } from "vitest";
import { choose, V1Client } from "../testing/clients.js";
import { Load } from "../testing/load.js";
import { readLogFile } from "../testing/log-file.js";
import { startServer } from "../testing/process.js";
import { Random, seedOfRun } from "../testing/random.js";
import { scratch } from "../testing/server.js";
import { linesOfFrames, linesOfLog } from "../testing/verdict.js";
import { Visitor } from "../testing/visitor.js";

const BIN = fileURLToPath(new URL("../../bin/parley.js", import.meta.url));
const run = (...args: string[]) => promisify(execFile)(process.execPath, [BIN, ...args]);
const refusal = (...args: string[]) =>
  run(...args).then(
    () => "",
    (error: { stderr: string }) => error.stderr,
  );

const cleanup: (() => unknown)[] = [];
afterEach(async () => {
  for (const step of cleanup.splice(0).reverse()) await step();
});

function folder(): string {
  const made = scratch();
  cleanup.push(() => made.dispose());
  return made.path;
}

it("[P5] a backup under load holds all that was acknowledged before it began, and a server goes on from it", async () => {
  const root = folder();
  const [data, copy, put] = ["data", "copy", "put"].map((name) => join(root, name)) as [string, string, string];
  const server = await startServer({ dataDir: data, args: ["--limits", "off", "--log-level", "warn"] });
  cleanup.push(() => server.stop("SIGKILL"));
  const load = new Load(new Random(seedOfRun()));
  const visitors = Array.from({ length: 8 }, (_, i) => new Visitor(load, `v${i}`, { tabs: 1, resets: true }));
  const chat = `${server.wsUrl}chat/bot-assistant`;
  await Promise.all(visitors.map((visitor) => visitor.connect(chat)));
  const quiet = await V1Client.connect(chat);
  await quiet.send(choose("lang", "go"), { id: "a" });
  await quiet.seq(4);
  await new Promise<void>((resolve) =>
    load.moment("acks", 300, 0, () => {
      resolve();
      return true;
    }),
  );

  const before = visitors.flatMap(({ sids, sent }) =>
    [...sent.values()].filter(({ acks }) => acks > 0).map(({ frame }) => [[...sids][0]!, clientId(frame.id)] as const),
  );
  const acks = load.counts.acks;
  const { stdout } = await run("backup", copy, "--data-dir", data);
  expect(load.counts.acks, "the server went on meanwhile").toBeGreaterThan(acks);
  expect(stdout).toMatch(/^\S+copy holds \d+ conversations and \d+ flows\./);
  expect(existsSync(join(copy, "widget"))).toBe(true);
  for (const name of ["log.db", "studio.db"]) expect(statSync(join(copy, name)).mode & 0o777).toBe(0o600);
  expect(statSync(copy).mode & 0o777).toBe(0o700);
  expect(before.length).toBeGreaterThan(100);
  const held = readLogFile(copy);
  const missing = before.filter(([sid, id]) => !held.get(sid)?.some((record) => record.id === id));
  expect(missing).toEqual([]);
  load.stopping = true;

  // Whoever is further than the copy gets it from its start; whoever is not goes on.
  await quiet.send(choose("others", "yes"), { id: "b" });
  const last = await quiet.seq(6);
  await server.stop("SIGKILL");
  expect((await run("restore", copy, "--data-dir", put)).stdout).toMatch(/^\S+put holds \d+ conversations/);
  const second = await startServer({ dataDir: put, args: ["--limits", "off", "--log-level", "warn"] });
  cleanup.push(() => second.stop("SIGKILL"));
  const { token, sid } = quiet.welcome;
  // Another tab has nothing yet, and its conversation grows past what the first one has.
  const other = await V1Client.connect(`${second.wsUrl}chat/bot-assistant`, { token });
  await other.seq(4);
  await other.send(choose("others", "yes"), { id: "d" });
  await other.seq(6);
  await other.send(choose("lang", "rust"), { id: "e" });
  const { seq: further } = await other.seq(8);
  expect(further).toBeGreaterThan(last.seq);
  const again = await V1Client.connect(`${second.wsUrl}chat/bot-assistant`, {
    token,
    after: { seq: last.seq, id: last.id },
  });
  await again.seq(8);
  expect(again.all[1]).toEqual({ kind: "Resync" });
  await again.send(choose("others", "no"), { id: "c" });
  for (const tab of [again, other]) {
    await tab.seq(10);
    expect(linesOfFrames(tab.messages)).toEqual(linesOfLog(readLogFile(put).get(sid)!));
  }
});

it("a backup and a restore write over nothing, and say what is in the way", async () => {
  const root = folder();
  const [data, copy] = [join(root, "data"), join(root, "copy")];
  expect(await refusal("backup", copy, "--data-dir", data)).toContain("There is nothing to copy in");
  const server = await startServer({ dataDir: data, args: ["--log-level", "warn"] });
  cleanup.push(() => server.stop("SIGKILL"));
  expect(await refusal("backup", data, "--data-dir", data)).toContain("is there already");
  await run("backup", copy, "--data-dir", data);
  expect(await refusal("restore", copy, "--data-dir", data)).toContain("is in use by the server");
  await server.stop("SIGTERM");
  expect(await refusal("restore", copy, "--data-dir", data)).toContain("holds studio.db and log.db already");
  expect(await refusal("restore", join(root, "none"), "--data-dir", data)).toContain("There is no backup in");
  expect(await refusal("backup")).toContain("Name one folder");
});
