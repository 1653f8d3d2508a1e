import type { DeedDone } from "@parley/shared/api/conversations";
import type { StudioServerFrame } from "@parley/shared/api/socket";
import type { ServerFrame } from "@parley/shared/protocol/v1";
import { pino } from "pino";
import { afterEach, describe, expect, it } from "vitest";
import { readConfig } from "../config.js";
import type { EventLog } from "../log/event-log.js";
import { createMemoryLog } from "../log/memory.js";
import { natsAddress } from "../log/nats/address.js";
import { Link } from "../log/nats/link.js";
import { openNatsLog } from "../log/nats/nats-log.js";
import { makeStreams } from "../log/nats/setup.js";
import { openSqliteLog } from "../log/sqlite.js";
import { createRuntime } from "../runtime.js";
import type { Frames, V1Client } from "../testing/clients.js";
import { startNatsServer } from "../testing/nats-server.js";
import { FLOWS, scratch } from "../testing/server.js";
import { type Identity, StudioTab, send, signIn } from "../testing/studio.js";
import { enter } from "../testing/survey.js";

const FLOW = "bot-assistant";
const cleanup: (() => unknown)[] = [];
afterEach(async () => {
  for (const step of cleanup.splice(0).reverse()) await step();
});

const LOGS = {
  memory: async () => createMemoryLog({ partitions: 1 }),
  sqlite: async () => {
    const folder = scratch();
    cleanup.push(() => folder.dispose());
    const log = await openSqliteLog({ file: `${folder.path}/log.db`, partitions: 1 });
    cleanup.push(() => log.close());
    return log;
  },
  nats: async () => {
    const nats = await startNatsServer();
    cleanup.push(() => nats.dispose());
    const address = natsAddress(`nats://${nats.address}/typing`);
    const link = await Link.open(address);
    cleanup.push(() => link.close());
    await makeStreams(link, { partitions: 1, replicas: 1 });
    const log = await openNatsLog({ address, partitions: 1 });
    cleanup.push(() => log.close());
    return log;
  },
} satisfies Record<string, () => Promise<EventLog>>;

/** A visitor, two tabs of people who watch him, and a clock by hand: signals are throttled by time. */
async function setUp(log: EventLog) {
  let now = Date.now();
  const config = readConfig([`${FLOWS}/${FLOW}.json`, "--port", "0", "--log-level", "silent"], {});
  const runtime = await createRuntime(config, pino({ level: "silent" }), { log, now: () => now });
  cleanup.push(() => runtime.drain());
  const guest = await enter(runtime, FLOW);
  const id = guest.welcome.sid;
  let n = 0;
  const join = async (name: string) => {
    runtime.studio.people.add({ id: name, name, role: "operator", password: null, created: 0 });
    const who: Identity = await signIn(runtime, name);
    const tab = await StudioTab.connect(runtime, who);
    tab.say({ kind: "Watch", flow: FLOW, conversation: id });
    await tab.until(() => tab.all.some(({ kind }) => kind === "Happened"), "what was said");
    const deed = async (body: object): Promise<DeedDone> => {
      const path = `/api/flows/${FLOW}/conversations/${id}/deeds`;
      const answer = await send(runtime.url, "POST", path, { headers: who, body: { id: `${name}${n++}`, ...body } });
      return answer.json as DeedDone;
    };
    return { tab, deed };
  };
  const [ada, bob] = [await join("Ada"), await join("Bob")];
  const held = (by: string) => (frame: StudioServerFrame) => frame.kind === "Happened" && frame.holder?.by === by;
  const takeOver = async () => {
    runtime.studio.profiles.set("Ada", { name: "Ada L." });
    const taken = await ada.deed({ kind: "Takeover", name: "Ada L." });
    for (const { tab } of [ada, bob]) await tab.until(() => tab.all.some(held("person:Ada")), "who has it");
    await guest.until(() => guest.words.some((word) => word.includes("StartChatSession")), "the chat");
    return taken;
  };
  return { runtime, guest, id, ada, bob, takeOver, later: (ms: number) => (now += ms) };
}

const typing = ({ all }: Frames<StudioServerFrame> | Frames<ServerFrame>) =>
  all.filter((frame) => frame.kind === "Typing");

/** What was sent before it has been heard when this resolves. */
async function heard(tab: StudioTab | V1Client): Promise<void> {
  const pongs = () => (tab.all as { kind: string }[]).filter(({ kind }) => kind === "Pong").length;
  const before = pongs();
  tab.ws.send('{"kind":"Ping"}');
  await tab.until(() => pongs() > before, "the pong");
}

describe.each(Object.keys(LOGS) as (keyof typeof LOGS)[])("typing, on %s", (engine) => {
  it("[W2] goes both ways while a person has the conversation, and nothing of it is stored", async () => {
    const log = await LOGS[engine]();
    const { guest, id, ada, bob, takeOver, later } = await setUp(log);
    // Nobody has it: nobody is told, and the visitor is told of nobody.
    guest.frame({ kind: "Typing" });
    ada.tab.say({ kind: "Typing" });
    await Promise.all([heard(guest), heard(ada.tab)]);
    await takeOver();
    const records = (await log.read(id)).length;
    guest.frame({ kind: "Typing" });
    for (const { tab } of [ada, bob]) {
      await tab.until(() => typing(tab).length > 0, "the visitor's typing");
      expect(typing(tab)).toEqual([{ kind: "Typing", conversation: id }]);
    }
    expect(typing(guest)).toEqual([]);
    later(5_000);
    bob.tab.say({ kind: "Typing" }); // Who does not have it types nothing.
    await heard(bob.tab);
    ada.tab.say({ kind: "Typing" });
    await guest.until(() => typing(guest).length > 0, "the person's typing");
    expect(typing(guest)).toEqual([{ kind: "Typing", by: "Ada L." }]);
    expect(typing(bob.tab)).toHaveLength(1);
    expect((await log.read(id)).length).toBe(records);
  });
});

describe("typing", () => {
  it("is told once however often it is said, and again when time has passed", async () => {
    const { guest, ada, takeOver, later } = await setUp(createMemoryLog({ partitions: 1 }));
    await takeOver();
    later(5_000);
    for (let i = 0; i < 5; i++) {
      guest.frame({ kind: "Typing" });
      ada.tab.say({ kind: "Typing" });
    }
    await Promise.all([heard(guest), heard(ada.tab)]);
    expect([typing(guest).length, typing(ada.tab).length]).toEqual([1, 1]);
    later(2_000);
    guest.frame({ kind: "Typing" });
    ada.tab.say({ kind: "Typing" });
    await Promise.all([heard(guest), heard(ada.tab)]);
    expect([typing(guest).length, typing(ada.tab).length]).toEqual([2, 2]);
  });

  it("a visitor cannot type as a person, nor a person who gave it back; a signal of another shape is none", async () => {
    const log = createMemoryLog({ partitions: 1 });
    const { guest, id, ada, takeOver, later } = await setUp(log);
    const { act } = await takeOver();
    later(5_000);
    guest.frame({ kind: "Typing", by: "Ada L.", who: "person", name: "Ada L." });
    await ada.tab.until(() => typing(ada.tab).length > 0, "the visitor's typing");
    const long = "x".repeat(101);
    for (const data of [null, "typing", { typing: { who: "person", name: long } }, { typing: { who: "person" } }]) {
      log.signal(id, data);
    }
    await ada.deed({ kind: "GiveBack", after: act! });
    const given = (frame: StudioServerFrame) => frame.kind === "Happened" && frame.act !== act && !frame.holder;
    await ada.tab.until(() => ada.tab.all.slice(-3).some(given), "that it is given back");
    later(5_000);
    ada.tab.say({ kind: "Typing" });
    log.signal(id, { typing: { who: "person", name: "late" } });
    guest.frame({ kind: "Typing" });
    await Promise.all([heard(ada.tab), heard(guest)]);
    expect(typing(guest)).toEqual([]);
    expect(typing(ada.tab)).toHaveLength(1);
  });

  it("counts as a frame: beyond what a socket may send it is not told, and not answered either", async () => {
    const { guest, ada, takeOver, later } = await setUp(createMemoryLog({ partitions: 1 }));
    await takeOver();
    later(5_000);
    const frames = 200;
    for (let i = 0; i < frames; i++) guest.frame({ kind: "Typing" });
    const refused = await guest.send({ kind: "UserText", sessionId: "operator", content: "hello" });
    expect(refused).toMatchObject({ kind: "Nack", code: "rate-limited" });
    expect(guest.all.filter(({ kind }) => kind === "Nack")).toHaveLength(1);
    await heard(guest);
    expect(typing(ada.tab).length).toBeLessThanOrEqual(1);
  });
});
