import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { afterEach, expect, it } from "vitest";
import { fluvioAddress } from "../log/fluvio/address.js";
import type { Connect } from "../log/fluvio/client.js";
import { Cluster } from "../log/fluvio/cluster.js";
import { openFluvioLog } from "../log/fluvio/fluvio-log.js";
import { deleteTopics, makeTopics } from "../log/fluvio/setup.js";
import { FalseFluvio } from "../testing/false-fluvio.js";
import { first, says, sidOf, text, turn } from "../testing/records.js";
import { scratch } from "../testing/server.js";
import { KeyFile } from "./key-file.js";
import { sealedLog } from "./sealed-log.js";

const cleanup: (() => unknown)[] = [];
afterEach(async () => {
  for (const step of cleanup.splice(0).reverse()) await step();
}, 120_000);

const [gone, stays] = [sidOf(1), sidOf(2)];
const SAID = "call me on 555-0100";

/** What the files of a folder hold, those of folders in it too. */
const filesIn = (folder: string): Buffer[] =>
  readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    return statSync(path).isDirectory() ? filesIn(path) : [readFileSync(path)];
  });

/** Two visitors say the same, one is erased. @param engine everything that the engine keeps */
async function eraseOne(endpoint: string, connect: Connect | undefined, engine: () => Buffer[]): Promise<void> {
  const address = fluvioAddress(`fluvio://${endpoint}/sealed-${process.pid}`);
  const cluster = await Cluster.open(address, connect);
  await makeTopics(cluster, { partitions: 2, replicas: 1 });
  cleanup.push(() => deleteTopics(cluster));
  const folder = scratch();
  cleanup.push(() => folder.dispose());
  const keys = new KeyFile(join(folder.path, "session-keys.db"));
  const index = join(folder.path, "fluvio-index.db");
  const inner = await openFluvioLog({ address, index, partitions: 2, ...(connect && { connect, late: 0 }) });
  const log = sealedLog(inner, keys);
  cleanup.push(() => log.close());
  for (const sid of [gone, stays]) {
    await log.append([first(sid)]);
    await log.append([text(sid, "1", SAID)]);
    await log.append([says(sid, "c.1", 1, `Noted: ${SAID}`), turn(sid, "c.1", 2)]);
  }
  expect((await log.read(gone)).map(({ id }) => id)).toEqual(["s.1", "c.1", "b.c.1.0.1", "b.c.1.0.2"]);
  const key = (await keys.of([gone])).get(gone)!;
  await log.erase(gone, { id: "r.1", timestamp: "2026-01-01T00:00:00.000Z" });
  const everything = Buffer.concat([...engine(), ...filesIn(folder.path)]);
  // The engine keeps what it was given: the other's is there, sealed, and the one's as well.
  expect(everything.includes('"Sealed"')).toBe(true);
  for (const word of ["555-0100", "Noted"]) expect(everything.includes(word), word).toBe(false);
  expect(everything.includes(key)).toBe(false);
  expect(await log.read(gone)).toEqual([]);
  expect((await log.read(stays)).at(1)).toEqual(text(stays, "1", SAID));
}

it("[P11] on Fluvio a topic keeps what nobody can read: by a client that does what the real one was seen to do", () => {
  const fluvio = new FalseFluvio();
  return eraseOne("127.0.0.1:9003", fluvio.connect, () =>
    [...fluvio.topics.values()].flat().map(({ values }) => Buffer.from(values.join("\n"))),
  );
});

/** FLUVIO_DATA: the folder where the cluster's servers keep their files. */
const { FLUVIO_ENDPOINT, FLUVIO_DATA } = process.env;
const why = FLUVIO_ENDPOINT && FLUVIO_DATA ? "" : " (FLUVIO_ENDPOINT and FLUVIO_DATA name no cluster and its files)";
it.skipIf(why !== "")(`[P11] on Fluvio a topic's files hold what nobody can read${why}`, { timeout: 180_000 }, () =>
  eraseOne(FLUVIO_ENDPOINT!, undefined, () => filesIn(FLUVIO_DATA!)),
);
