import { type ChildProcess, spawn } from "node:child_process";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, expect, it } from "vitest";
import { FLOWS, scratch } from "../testing/server.js";

const BIN = fileURLToPath(new URL("../../bin/parley.js", import.meta.url));

/** Runs in each thread of the process before its own code: tries to make a function of a text, and says what came of it. */
const PROBE = `data:text/javascript,${encodeURIComponent(`
  import { writeSync } from "node:fs";
  import { isMainThread } from "node:worker_threads";
  let outcome = "refused";
  try { new (Object.getPrototypeOf(() => 0).constructor)("return 1"); outcome = "evaluated"; } catch {}
  writeSync(2, (isMainThread ? "the process" : "a thread") + " " + outcome + "\\n");
`)}`;

const cleanup: (() => unknown)[] = [];
afterEach(async () => {
  for (const step of cleanup.splice(0).reverse()) await step();
});

/** Starts the program as a shell does, with nothing but its name. @returns what the probes said, once they have */
async function started(args: readonly string[], wanted: string): Promise<string> {
  const folder = scratch();
  cleanup.push(() => folder.dispose());
  const child: ChildProcess = spawn(BIN, [...args, "--port", "0", "--data-dir", join(folder.path, "data")], {
    stdio: ["ignore", "ignore", "pipe"],
    env: { ...process.env, NODE_OPTIONS: `--import ${PROBE}` },
  });
  const ended = new Promise((resolve) => child.once("close", resolve));
  cleanup.push(async () => {
    child.kill("SIGKILL");
    await ended;
  });
  let said = "";
  await new Promise<void>((resolve, reject) => {
    child.stderr!.on("data", (part: Buffer) => {
      said += part;
      if (said.includes(wanted)) resolve();
    });
    child.once("error", reject);
    void ended.then(() => reject(new Error(`it ended: ${said}`)));
  });
  return said;
}

// Elsewhere what somebody wrote was run on the server: CVE-2025-68613, CVE-2026-1470, CVE-2026-27493, CVE-2026-49444,
// CVE-2025-59528, CVE-2026-46442.
it("[P15] [sandbox escape] no process of ours makes code of a text, in no thread", async () => {
  const said = await started(["serve", join(FLOWS, "bot-assistant.json")], "a thread refused");
  expect(said).toContain("the process refused");
  expect(said).not.toContain("evaluated");
});

it.each(["proxy", "workflow", "studio"])("[P15] [sandbox escape] nor does a %s", async (role) => {
  // Its log is nowhere: it waits for it.
  const said = await started(["serve", "--role", role, "--log", "nats://127.0.0.1:1/none"], "the process refused");
  expect(said).not.toContain("evaluated");
});
