import { conversation } from "@parley/shared/session/conversation";
import { afterEach, expect, it } from "vitest";
import { fluvioAddress } from "../log/fluvio/address.js";
import { Cluster } from "../log/fluvio/cluster.js";
import { openFluvioLog } from "../log/fluvio/fluvio-log.js";
import { makeTopics } from "../log/fluvio/setup.js";
import { eventually } from "../testing/eventually.js";
import { FalseFluvio } from "../testing/false-fluvio.js";
import { first, sidOf, text } from "../testing/records.js";
import { setUpWorkflow, shown } from "../testing/workflows.js";
import { owns } from "./ownership.js";

const cleanup: (() => unknown)[] = [];
afterEach(async () => {
  for (const step of cleanup.splice(0).reverse()) await step();
});

/** Logs of several processes on a cluster that shares nothing out. */
async function setUp() {
  const { connect } = new FalseFluvio();
  const address = fluvioAddress("fluvio://10.0.0.1/talk");
  await makeTopics(await Cluster.open(address, connect), { partitions: 2, replicas: 1 });
  return async () => {
    const log = await openFluvioLog({ address, connect, index: ":memory:", partitions: 2, late: 0 });
    cleanup.push(() => log.close());
    return log;
  };
}

it("each workflow steps the partitions that it was told, and no other", async () => {
  const open = await setUp();
  const [one, two] = [await open(), await open()];
  const zero = await setUpWorkflow(cleanup, { log: one });
  await zero.start({ ownership: owns([0]) });
  await one.append([first(sidOf(0))]);
  await one.append([first(sidOf(1))]);
  await shown(one, sidOf(0), 1);
  const turns = async (n: number) => {
    const { events } = conversation(await one.read(sidOf(n)));
    return events.filter((event) => event.kind === "turn").length;
  };
  expect([await turns(0), await turns(1)]).toEqual([1, 0]);
  const rest = await setUpWorkflow(cleanup, { log: two });
  await rest.start({ ownership: owns([1]) });
  await shown(one, sidOf(1), 1);
});

it("two that step the same are harmless where the engine keeps repeats: each answer counts once, and some stood twice", async () => {
  const open = await setUp();
  const [one, two] = [await open(), await open()];
  for (const log of [one, two]) await (await setUpWorkflow(cleanup, { log })).start();
  const sids = Array.from({ length: 20 }, (_, i) => sidOf(i));
  await Promise.all(
    sids.map(async (sid) => {
      await one.append([first(sid)]);
      for (const word of ["Ada", "Bob"]) await two.append([text(sid, word)]);
      await shown(one, sid, 3);
    }),
  );
  await eventually(async () => {
    const ids = (await Promise.all(sids.map((sid) => one.read(sid)))).flatMap((all) =>
      all.map(({ sid, id }) => sid + id),
    );
    expect(ids.length).toBeGreaterThan(new Set(ids).size);
  });
  for (const sid of sids) {
    const { events } = conversation(await one.read(sid));
    expect(events.filter((event) => event.kind === "turn").length).toBe(3);
    const said = events.flatMap((event) => (event.kind === "message" ? [event.id] : []));
    expect(new Set(said).size).toBe(said.length);
  }
});
