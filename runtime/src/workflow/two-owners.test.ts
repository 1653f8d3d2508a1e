import { conversation } from "@parley/shared/session/conversation";
import { pino } from "pino";
import { afterEach, expect, it } from "vitest";
import { natsAddress } from "../log/nats/address.js";
import { Bucket } from "../log/nats/bucket.js";
import { Link } from "../log/nats/link.js";
import { Names } from "../log/nats/names.js";
import { openNatsLog } from "../log/nats/nats-log.js";
import { makeStreams } from "../log/nats/setup.js";
import { eventually } from "../testing/eventually.js";
import { startNatsServer } from "../testing/nats-server.js";
import { first, sidOf, text } from "../testing/records.js";
import { setUpWorkflow, shown } from "../testing/workflows.js";
import { Leases } from "./leases.js";
import { sharedPlaces } from "./shared-places.js";

const cleanup: (() => unknown)[] = [];
afterEach(async () => {
  for (const step of cleanup.splice(0).reverse()) await step();
});
const PARTITIONS = 4;
const logger = pino({ level: "silent" });

async function setUp() {
  const server = await startNatsServer();
  cleanup.push(() => server.dispose());
  const address = natsAddress(`nats://${server.address}/two`);
  const setup = await Link.open(address);
  await makeStreams(setup, { partitions: PARTITIONS, replicas: 1 });
  await setup.close();
  const open = async (onRepeat?: () => void) => {
    const log = await openNatsLog({ address, partitions: PARTITIONS, ...(onRepeat && { onRepeat }) });
    cleanup.push(() => log.close());
    return log;
  };
  return { address, open, names: new Names(address.name) };
}

it("two workflows that both own everything are harmless: each answer stands once, and repeats were dropped", async () => {
  const { open } = await setUp();
  let repeats = 0;
  const [one, two] = [await open(() => repeats++), await open(() => repeats++)];
  const first1 = await setUpWorkflow(cleanup, { log: one });
  const second = await setUpWorkflow(cleanup, { log: two });
  await Promise.all([first1.start(), second.start()]);
  const sids = Array.from({ length: 20 }, (_, i) => sidOf(i));
  await Promise.all(
    sids.map(async (sid) => {
      await one.append([first(sid)]);
      for (const word of ["Ada", "Bob"]) await two.append([text(sid, word)]);
      await shown(one, sid, 3);
    }),
  );
  await eventually(() => expect(repeats).toBeGreaterThan(0));
  for (const sid of sids) {
    const records = await one.read(sid);
    const ids = records.map((record) => record.id);
    expect(new Set(ids).size, "nothing stands twice, not even void").toBe(ids.length);
    const { events } = conversation(records);
    expect(events.filter((event) => event.kind === "turn").length).toBe(3);
  }
});

it("partitions are shared out, handed on at an end, and taken over from who is lost without a word", async () => {
  const { open, names } = await setUp();
  const owned = new Map<string, Set<number>>();
  const begin = async (id: string) => {
    const { link } = await open();
    const own = new Set<number>();
    owned.set(id, own);
    const end = new AbortController();
    cleanup.push(() => end.abort());
    const leases = new Leases({ bucket: new Bucket(link, names.leases), id, partitions: PARTITIONS, logger });
    await leases.start((partition, signal) => {
      own.add(partition);
      const ended = new Promise<void>((resolve) => {
        const stop = () => {
          own.delete(partition);
          resolve();
        };
        signal.addEventListener("abort", stop);
      });
      return { ready: Promise.resolve(), ended };
    }, end.signal);
    const stop = async () => {
      end.abort();
      await leases.ended();
    };
    return { stop, link };
  };
  const shares = () => [...owned.values()].map((own) => own.size);
  const all = () => [...owned.values()].flatMap((own) => [...own]).sort();
  const one = await begin("a1");
  expect(shares()).toEqual([4]);
  const two = await begin("b2");
  await eventually(() =>
    expect([shares(), all()]).toEqual([
      [2, 2],
      [0, 1, 2, 3],
    ]),
  );
  await one.stop();
  await eventually(() => expect(shares()).toEqual([0, 4]));
  const three = await begin("c3");
  await eventually(() => expect(shares()).toEqual([0, 2, 2]));
  await two.link.close();
  await eventually(() => expect(shares()).toEqual([0, 0, 4]));
  await three.stop();
});

it("who takes a partition over begins where its last owner was", async () => {
  const { open, names } = await setUp();
  const log = await open();
  const places = () => sharedPlaces(new Bucket(log.link, names.places), PARTITIONS);
  expect(await places().load()).toEqual(new Map());
  const place = { cursor: "7-abc", unfinished: new Map([[sidOf(1), new Set(["s.1"])]]), due: new Map([[sidOf(2), 5]]) };
  await places().save(new Map([[1, place]]));
  await places().save(new Map([[2, { ...place, cursor: "8-abc" }]]));
  expect(await places().load()).toEqual(
    new Map([
      [1, place],
      [2, { ...place, cursor: "8-abc" }],
    ]),
  );
});
