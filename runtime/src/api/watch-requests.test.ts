import { join } from "node:path";
import { afterEach, expect, it } from "vitest";
import { V1Client } from "../testing/clients.js";
import { eventually } from "../testing/eventually.js";
import { scratch, serve } from "../testing/server.js";
import { send } from "../testing/studio.js";
import { requestIdOf } from "./watch-requests.js";

const cleanup: (() => unknown)[] = [];
afterEach(async () => {
  for (const step of cleanup.splice(0).reverse()) await step();
});

it("takes the id of a request from a proxy in front, if it is short and plain, and from nobody else", () => {
  const made = () => "new";
  const given = [
    "balancer-1.2_3",
    "x".repeat(64),
    "short",
    "x".repeat(65),
    "with space",
    "line\nbreak",
    "läng-genug",
    undefined,
  ];
  expect(given.map((id) => requestIdOf(id, true, made))).toEqual([given[0], given[1], ...Array(6).fill("new")]);
  expect([requestIdOf("balancer-1", false, made), requestIdOf(["a".repeat(9)], true, made)]).toEqual(["new", "new"]);
});

it("measures what visitors feel and what waits, under names of ours only", async () => {
  const folder = scratch();
  cleanup.push(() => folder.dispose());
  const runtime = await serve(undefined, { env: { DATA_DIR: join(folder.path, "data") } });
  cleanup.push(() => runtime.drain());
  const client = await V1Client.connect(runtime.wsUrl);
  await client.until(() => client.all.find(({ kind }) => kind === "Turn"), "the first turn");
  const question = client.messages.map(({ message }) => message).find(({ kind }) => kind === "ChoiceRequest")!;
  if (question.kind !== "ChoiceRequest") throw new Error("no question");
  const { groupId, choices } = question;
  await client.send({ kind: "ChoiceResponse", groupId, itemId: choices[0]!.itemId }, { id: "mine" });
  await client.until(() => client.all.find((frame) => frame.kind === "Turn" && frame.of === "mine"), "the turn");
  await client.close();
  const refused = await send(runtime.url, "GET", "/api/flows/canary-flow", {
    headers: { "X-Request-Id": "canary-request" },
  });
  expect(refused.json).toMatchObject({ code: "not-signed-in", requestId: refused.headers["x-request-id"] });
  await send(runtime.url, "GET", "/canary-path?canary=query");
  await send(runtime.url, "PROPFIND", "/");

  const read = async () => (await fetch(`${runtime.url}metrics`)).text();
  await eventually(async () => expect(await read()).toContain('parley_closes_total{reason="gone"} 1'));
  const text = await read();
  const wanted = [
    ...["parley_turn_seconds_count 1", "parley_append_seconds_count 1", "parley_sockets_lagging 0"],
    ...['parley_log_behind_records{reader="workflow",partition="0"} 0', "parley_webhooks_waiting 0"],
    ...['parley_hand_offs{state="waiting"} 0', "parley_hand_off_longest_wait_seconds 0"],
    ...['parley_http_problems_total{code="not-signed-in"} 1', 'parley_http_problems_total{code="not-found"} 2'],
    'parley_http_request_seconds_count{method="GET",route="/api/flows/:flow",status="4xx"} 1',
    'parley_http_request_seconds_count{method="GET",route="none",status="4xx"} 1',
    'parley_http_request_seconds_count{method="other",route="none",status="4xx"} 1',
  ];
  for (const line of wanted) expect(text.split("\n"), line).toContain(line);
  for (const name of ["parley_commit_seconds_count", 'parley_file_bytes{file="log.db"}', "parley_disk_free_bytes"]) {
    expect(
      Number(
        text
          .split("\n")
          .find((line) => line.startsWith(`${name} `))
          ?.split(" ")
          .at(-1),
      ),
      name,
    ).toBeGreaterThan(0);
  }
  expect(text).not.toContain("canary");
});
