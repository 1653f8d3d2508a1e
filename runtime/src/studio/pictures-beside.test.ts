import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { createMemoryLog } from "../log/memory.js";
import { sha256 } from "../registry/registry.js";
import { eventually } from "../testing/eventually.js";
import { gif, png } from "../testing/sample-pictures.js";
import { scratch, serve, writeFlows } from "../testing/server.js";

let folder: ReturnType<typeof scratch>;
const cleanup: (() => unknown)[] = [];
beforeEach(() => {
  folder = scratch();
  mkdirSync(join(folder.path, "assets"));
});
afterEach(async () => {
  for (const step of cleanup.splice(0)) await step();
  folder.dispose();
});

const nameOf = (bytes: Uint8Array, type: string) => `${sha256(bytes)}.${type}`;
const put = (name: string, bytes: Uint8Array) => writeFileSync(join(folder.path, "assets", name), bytes);
const shows = (...names: string[]) => ({
  a: {
    sendRequest: { kind: "BotText", content: names.map((name) => `<img src="/assets/${name}" alt="x">`).join(" ") },
  },
});

it("a served file brings the pictures in assets/ beside it that it names, sound ones only, also when it changes", async () => {
  const [one, two, forged] = [nameOf(png(), "png"), nameOf(gif(), "gif"), nameOf(Buffer.from("x"), "png")];
  put(one, png());
  put(two, gif());
  put(forged, Buffer.from("<script>alert(1)</script>"));
  put("extra.png", png(3, 3));
  const argv = writeFlows(folder.path, { shop: shows(one, forged, `${"ab".repeat(32)}.png`) });
  const lines: string[] = [];
  const runtime = await serve(createMemoryLog({ partitions: 1 }), { argv, onLog: (line) => lines.push(line) });
  cleanup.push(() => runtime.drain());
  const stored = () => runtime.studio.pictures.all().map(({ name }) => name);
  expect(stored()).toEqual([one]);
  const told = lines
    .filter((line) => line.includes('"picture":'))
    .map((line) => (JSON.parse(line) as { code: string }).code);
  expect(told).toEqual(["no-picture", "not-found"]);
  expect((await fetch(`${runtime.url}assets/${one}`)).status).toBe(200);
  writeFlows(folder.path, { shop: shows(one, two) });
  await eventually(() => expect(runtime.registry.versions("shop")).toHaveLength(2));
  expect(stored().sort()).toEqual([one, two].sort());
});
