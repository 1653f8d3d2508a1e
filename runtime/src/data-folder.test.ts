import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openDataFolder } from "./data-folder.js";

const built = fileURLToPath(new URL("../dist/data-folder.js", import.meta.url));

/** Another process that holds the folder and does what it reads: `draining`, `release`. */
const HOLDER = `
  import { createInterface } from "node:readline";
  const { openDataFolder } = await import(process.argv[1]);
  const folder = await openDataFolder(process.argv[2], { drainWaitMs: 0 });
  console.log("held");
  for await (const line of createInterface({ input: process.stdin })) {
    if (line === "release") folder.release();
    else folder.setState(line);
    console.log("done " + line);
  }
`;

let base: string;
let children: ChildProcess[];
beforeEach(() => {
  base = mkdtempSync(join(tmpdir(), "parley-folder-"));
  children = [];
});
afterEach(async () => {
  await Promise.all(children.map(kill));
  rmSync(base, { recursive: true, force: true });
});

async function kill(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill("SIGKILL");
  await once(child, "exit");
}

async function startHolder(dir: string) {
  const child = spawn(process.execPath, ["--input-type=module", "-e", HOLDER, "--", built, dir], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  children.push(child);
  const says = async (text: string) => {
    for await (const chunk of child.stdout.iterator({ destroyOnReturn: false })) {
      if (String(chunk).includes(text)) return;
    }
    throw new Error(`The holder ended before it said "${text}".`);
  };
  await says("held");
  const tell = async (line: string) => {
    child.stdin.write(`${line}\n`);
    await says(`done ${line}`);
  };
  return { child, tell };
}

const options = { drainWaitMs: 5_000, now: () => new Date("2026-01-02T03:04:05Z") };

describe("data folder", () => {
  it("makes the folder for its user alone and says who holds it", async () => {
    const dir = join(base, "a", "data");
    const folder = await openDataFolder(dir, options);
    expect(statSync(dir).mode & 0o777).toBe(0o700);
    const holder = () => JSON.parse(readFileSync(join(dir, "server.json"), "utf8"));
    expect(holder()).toEqual({ pid: process.pid, state: "serving", since: "2026-01-02T03:04:05.000Z" });
    folder.setState("draining");
    expect(holder().state).toBe("draining");
    folder.release();
    folder.release();
    expect(readdirSync(dir)).toEqual(["lock.db"]);
  });

  it("can be taken again once it was released", async () => {
    (await openDataFolder(base, options)).release();
    (await openDataFolder(base, options)).release();
  });

  it("is refused at once while another process serves from it, naming folder and pid", async () => {
    const { child } = await startHolder(base);
    const refused = await openDataFolder(base, { drainWaitMs: 600_000 }).catch((error: unknown) => error);
    expect(refused).toMatchObject({ name: "DataFolderError", code: "in-use" });
    expect(String(refused)).toContain(base);
    expect(String(refused)).toContain(String(child.pid));
  });

  it("is refused to a second holder in the same process", async () => {
    const folder = await openDataFolder(base, options);
    await expect(openDataFolder(base, options)).rejects.toMatchObject({ code: "in-use" });
    folder.release();
  });

  it("is free after kill -9 of its holder, whatever that one left behind", async () => {
    const { child } = await startHolder(base);
    await kill(child);
    expect(JSON.parse(readFileSync(join(base, "server.json"), "utf8")).pid).toBe(child.pid);
    const folder = await openDataFolder(base, { drainWaitMs: 0 });
    expect(JSON.parse(readFileSync(join(base, "server.json"), "utf8")).pid).toBe(process.pid);
    folder.release();
  });

  it("is waited for while its holder drains", async () => {
    const holder = await startHolder(base);
    await holder.tell("draining");
    const opening = openDataFolder(base, { drainWaitMs: 60_000 });
    await expect(Promise.race([opening, Promise.resolve("waits")])).resolves.toBe("waits");
    await holder.tell("release");
    (await opening).release();
  });

  it("is waited for until a holder that drains is killed", async () => {
    const holder = await startHolder(base);
    await holder.tell("draining");
    const opening = openDataFolder(base, { drainWaitMs: 60_000 });
    await kill(holder.child);
    (await opening).release();
  });

  it("is given up when the holder drains longer than the ceiling", async () => {
    const holder = await startHolder(base);
    await holder.tell("draining");
    const refused = await openDataFolder(base, { drainWaitMs: 100 }).catch((error: unknown) => error);
    expect(refused).toMatchObject({ code: "in-use", message: expect.stringContaining("within 0.1 s") });
  });

  it("stops waiting when its signal aborts", async () => {
    const holder = await startHolder(base);
    await holder.tell("draining");
    const abort = new AbortController();
    const opening = openDataFolder(base, { drainWaitMs: 60_000, signal: abort.signal });
    abort.abort();
    await expect(opening).rejects.toMatchObject({ name: "AbortError" });
  });

  it.each(["file", "file/below", "/proc/parley"])("says that %s cannot be written", async (name) => {
    writeFileSync(join(base, "file"), "");
    const dir = name.startsWith("/") ? name : join(base, name);
    const refused = await openDataFolder(dir, options).catch((error: unknown) => error);
    expect(refused).toMatchObject({ name: "DataFolderError", code: "not-writable" });
    expect(String(refused)).toContain(dir);
  });
});
