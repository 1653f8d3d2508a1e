// What a piece of torture was played with: the line of its figures says it.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { arch, availableParallelism, platform, totalmem } from "node:os";
import path from "node:path";
import { ROOT } from "../prepare.mjs";

/** What is tortured: pieces add up while nothing under these changes. */
const TORTURED = ["shared", "runtime"];

/**
 * Day, commit, code, Node, engine and machine. `code` is one hash of all that is tortured, the same for every commit between
 * which nothing of it has changed; undefined where files differ from the commit.
 * @param {string} log
 */
export function about(log) {
  const changed = git("status", "--porcelain", "--", ...TORTURED) !== "";
  return {
    at: new Date().toISOString().slice(0, 10),
    commit: git("rev-parse", "--short", "HEAD"),
    code: changed ? undefined : codeOf("HEAD"),
    node: process.version,
    engine: engine(log),
    machine: `${platform()} ${arch()}, ${availableParallelism()} cores, ${Math.round(totalmem() / 2 ** 30)} GiB`,
  };
}

/** One hash of all that is tortured in a commit. @param {string} commit */
function codeOf(commit) {
  const trees = git("rev-parse", ...TORTURED.map((folder) => `${commit}:${folder}`));
  return createHash("sha256").update(trees).digest("hex").slice(0, 12);
}

/** @param {string[]} args */
const git = (...args) => spawnSync("git", args, { cwd: ROOT, encoding: "utf8" }).stdout.trim();

/** @param {string} log */
function engine(log) {
  if (log === "nats") {
    return spawnSync(process.env.PARLEY_NATS_SERVER ?? "nats-server", ["--version"], {
      encoding: "utf8",
    }).stdout.trim();
  }
  const library = log === "fluvio" ? "@fluvio/client" : "better-sqlite3";
  const manifest = readFileSync(path.join(ROOT, "node_modules", library, "package.json"), "utf8");
  return `${library} ${JSON.parse(manifest).version}`;
}
