import { join } from "node:path";
import type { SamePerson } from "@parley/shared/api/conversations";
import { afterEach, expect, it } from "vitest";
import { createMemoryLog } from "../log/memory.js";
import { writeKeys } from "../proxy/identity-keys.js";
import { type, V1Client } from "../testing/clients.js";
import { eventually } from "../testing/eventually.js";
import { scratch, serve, writeFlows } from "../testing/server.js";
import { type Identity, send, signIn } from "../testing/studio.js";
import { claims, newSigner, token } from "../testing/tokens.js";

const cleanup: (() => unknown)[] = [];
afterEach(async () => {
  for (const step of cleanup.splice(0).reverse()) await step();
});

const chat = {
  a: { sendRequest: { kind: "StartChatSession", sessionId: "s" } },
  t: { matchResponse: { kind: "UserText", sessionId: "s" }, next: "b" },
  b: { sendRequest: { kind: "BotText", content: "You said {{s}}" } },
};

it("an identified person's conversations are known by one another, in the flows that who asks may see", async () => {
  const folder = scratch();
  cleanup.push(() => folder.dispose());
  const signer = newSigner("EdDSA");
  const keys = join(folder.path, "keys.json");
  const key = { kid: "k", alg: signer.alg, issuer: "https://shop.example", key: signer.stored, added: "2026-01-01" };
  await writeKeys(keys, [
    { flow: "one", ...key },
    { flow: "two", ...key },
  ]);
  const log = createMemoryLog({ partitions: 2 });
  const argv = writeFlows(folder.path, { one: chat, two: chat });
  const runtime = await serve(log, { argv, env: { LIMITS: "off", IDENTITY_KEYS: keys } });
  cleanup.push(() => runtime.drain());
  runtime.studio.people.add({ id: "ada", name: "Ada", role: "operator", password: null, created: 0 });
  runtime.studio.people.change("ada", { flows: [runtime.studio.flows.get("one")!.key] });
  const [owner, ada] = [await signIn(runtime), await signIn(runtime, "ada")];

  const enter = async (flow: string, sub?: string) => {
    const jwt = sub === undefined ? {} : { jwt: token(signer, claims(sub, flow, Date.now())) };
    const visitor = await V1Client.connect(`${runtime.wsUrl}chat/${flow}`, jwt);
    await visitor.seq(1);
    return visitor;
  };
  const bob = await enter("one", "bob");
  await bob.send(type("s", "the first"));
  await bob.seq(3);
  await bob.send({ kind: "ResetSession" });
  await bob.seq(5);
  const also = await enter("two", "bob");
  const eve = await enter("one", "eve");
  const nobody = await enter("one");
  const others = async (who: Identity, flow: string, id: string) => {
    const answer = await send(runtime.url, "GET", `/api/flows/${flow}/conversations/${id}/same-person`, {
      headers: who,
    });
    expect(answer.status, answer.text).toBe(200);
    return (answer.json as SamePerson).conversations.map(({ flow, id }) => `${flow} ${id}`);
  };
  const [first, there] = [bob.welcome.sid, also.welcome.sid];
  await eventually(async () =>
    expect(await others(owner, "one", `${first}-2`)).toEqual([`two ${there}`, `one ${first}`]),
  );
  expect(await others(owner, "two", there)).toEqual([`one ${first}-2`, `one ${first}`]);
  expect(await others(ada, "one", first)).toEqual([`one ${first}-2`]);
  await eventually(async () => expect(await others(owner, "one", nobody.welcome.sid)).toEqual([]));
  expect(await others(owner, "one", eve.welcome.sid)).toEqual([]);
  // Erased, nothing of it is told; and who it was stands nowhere in words.
  expect(JSON.stringify(await log.read(first))).not.toContain("bob");
  await send(runtime.url, "DELETE", `/api/flows/one/conversations/${first}`, { headers: owner });
  expect(await others(owner, "two", there)).toEqual([]);
});
