import type { ConversationList, Erasure } from "@parley/shared/api/conversations";
import { CLOSE } from "@parley/shared/protocol/close-codes";
import { afterEach, expect, it } from "vitest";
import { fluvioAddress } from "../log/fluvio/address.js";
import { Cluster } from "../log/fluvio/cluster.js";
import { openFluvioLog } from "../log/fluvio/fluvio-log.js";
import { makeTopics } from "../log/fluvio/setup.js";
import { choose, type } from "../testing/clients.js";
import { eventually } from "../testing/eventually.js";
import { FalseFluvio } from "../testing/false-fluvio.js";
import { serve } from "../testing/server.js";
import { send, signIn } from "../testing/studio.js";
import { enter, say } from "../testing/survey.js";

const cleanup: (() => unknown)[] = [];
afterEach(async () => {
  for (const step of cleanup.splice(0).reverse()) await step();
});

it("[P17] on a log that cannot take anything out, a conversation is held, found and erased, and who erases is told what stays and how long", async () => {
  const { connect } = new FalseFluvio();
  const address = fluvioAddress("fluvio://10.0.0.1/talk");
  await makeTopics(await Cluster.open(address, connect), { partitions: 2, replicas: 1 });
  const log = await openFluvioLog({ address, connect, index: ":memory:", partitions: 2, late: 0 });
  const runtime = await serve(log);
  cleanup.push(() => runtime.drain());
  const owner = await signIn(runtime);
  const guest = await enter(runtime, "bot-assistant");
  await say(guest, choose("lang", "other"));
  await say(guest, type("langPreference", "the secret word"));
  const found = async () => {
    const { json } = await send(runtime.url, "GET", "/api/conversations?text=secret", { headers: owner });
    return (json as ConversationList).conversations.length;
  };
  await eventually(async () => expect(await found()).toBe(1));
  const path = `/api/flows/bot-assistant/conversations/${guest.welcome.sid}`;
  const erased = await send(runtime.url, "DELETE", path, { headers: owner });
  expect(erased.json as Erasure).toMatchObject({
    done: true,
    stays: "The topic talk keeps the words until its retention takes them: 7 days (Fluvio's default).",
  });
  expect(await guest.whenClosed()).toMatchObject({ code: CLOSE.erased });
  expect([await found(), await log.read(guest.welcome.sid)]).toEqual([0, []]);
});
