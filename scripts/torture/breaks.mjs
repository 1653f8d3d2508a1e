// Breaking the code proves the tests: each change is made in a copy, and a test that is named has to fail there.
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { ROOT } from "../prepare.mjs";
import { run } from "../processes.mjs";

/** A break that takes longer hangs, in ms. */
const LIMIT = 300_000;

/** @typedef {{ what: string, file: string, from: string, to: string, test: string, built?: true }} Break */

/** `built`: the test starts the built server. @type {readonly Break[]} */
export const BREAKS = [
  {
    what: "a message is acknowledged before its commit",
    file: "runtime/src/proxy/inbound.ts",
    from: "    await appended;\n    context.metrics.inputs.inc();",
    to: "    acknowledge(client, input.id);\n    await appended;\n    context.metrics.inputs.inc();",
    test: "runtime/src/crash/commit.test.ts",
    built: true,
  },
  {
    what: "a record that comes again counts again",
    file: "shared/src/session/conversation.ts",
    from: "    return this.#seen.size < this.#seen.add(id).size;",
    to: "    this.#seen.add(id);\n    return true;",
    test: "shared/src/session/conversation.test.ts",
  },
  {
    what: "a repeat is appended again",
    file: "runtime/src/proxy/inbound.ts",
    from: "  if (under !== undefined || conversation.has(id)) {",
    to: "  if (Date.now() < 0) {",
    test: "runtime/src/proxy/inbound.test.ts",
  },
  {
    what: "any site may open a conversation",
    file: "runtime/src/proxy/upgrades.ts",
    from: "    if (!originAllowed(request, version.settings.origins ?? [], config)) {",
    to: "    if (Date.now() < 0 && !originAllowed(request, version.settings.origins ?? [], config)) {",
    test: "runtime/src/runtime.test.ts",
  },
  {
    what: "rich text draws an element outside its list",
    file: "shared/src/flow/rich-text.ts",
    from: '  const tags: readonly string[] = where === "choice" ? CHOICE_TAGS : TEXT_TAGS;',
    to: '  const tags: readonly string[] = [...TEXT_TAGS, ...CHOICE_TAGS, "script", "img", "iframe"];',
    test: "shared/src/flow/rich-text.test.ts",
  },
  {
    what: "a record under an old fence counts",
    file: "shared/src/session/conversation.ts",
    from: "record.fence !== this.fence || ",
    to: "",
    test: "shared/src/session/people.test.ts shared/src/session/conversation.test.ts",
  },
  {
    what: "visitors are sent what is not durable yet",
    file: "runtime/src/proxy/tails.ts",
    from: "log.subscribe(partition, after, { signal, only })",
    to: 'log.subscribe(partition, after, { signal, only, level: "ordered" })',
    test: "runtime/src/crash/commit.test.ts",
    built: true,
  },
  {
    what: "a conversation goes on with the newest version",
    file: "shared/src/session/conversation.ts",
    from: "  return flow === undefined || version === undefined || step === undefined ? undefined : { flow, version, step };",
    to: "  return flow === undefined || version === undefined || step === undefined ? undefined : { flow, version: version + 1, step };",
    test: "shared/src/session/conversation.test.ts",
  },
  {
    what: "a token of another session is taken",
    file: "runtime/src/proxy/sessions.ts",
    from: "    if (known.length === hash.length && timingSafeEqual(known, hash)) granted = true;",
    to: "    if (known.length === hash.length) granted = true;",
    test: "runtime/src/proxy/capability.test.ts",
  },
  {
    what: "the bot goes on behind a takeover",
    file: "shared/src/session/conversation.ts",
    from: "    this.fence += 1;\n",
    to: "",
    test: "runtime/src/workflow/takeover.test.ts",
  },
  {
    what: "an act that somebody else has overtaken counts",
    file: "shared/src/session/state.ts",
    from: "  if (message.after !== act) return false;\n",
    to: "",
    test: "shared/src/session/people.test.ts",
  },
  {
    what: "a version is changed where it stands",
    file: "runtime/src/registry/registry.ts",
    from: "    if (message.parent !== this.versions(message.flow).length) return false;\n",
    to: "",
    test: "runtime/src/registry/registry.test.ts",
  },
  {
    what: "what was erased is read again",
    file: "runtime/src/log/sqlite-worker.ts",
    from: "      deleteBefore(pos);\n",
    to: "      if (pos < 0) deleteBefore(pos);\n",
    test: "runtime/src/log/sqlite.test.ts",
    built: true,
  },
  {
    what: "what a killed process owes is left undone",
    file: "runtime/src/workflow/partition.ts",
    from: "    for (const run of read.owed) await this.#append(run, conversation.fence);\n",
    to: "",
    test: "runtime/src/crash/run-cut-short.test.ts",
  },
];

/**
 * Makes each break in a copy of its own and runs its tests there.
 * @param {readonly string[]} words only breaks of which one of these is said
 * @returns {Promise<number>} 0 where every one was noticed
 */
export async function breakEach(words = []) {
  let unnoticed = 0;
  for (const one of BREAKS.filter(({ what }) => words.length === 0 || words.some((word) => what.includes(word)))) {
    const noticed = await isNoticed(one);
    if (!noticed) unnoticed += 1;
    console.log(`${noticed ? "noticed  " : "UNNOTICED"}  ${one.what}  (${one.test})`);
  }
  console.log(unnoticed === 0 ? "Every break was noticed." : `${unnoticed} breaks were not noticed.`);
  return unnoticed === 0 ? 0 : 1;
}

/** @param {Break} one */
async function isNoticed({ file, from, to, test, built }) {
  const copy = mkdtempSync(path.join(tmpdir(), "parley-break-"));
  try {
    const left = new Set([".git", "node_modules", "docs"]);
    for (const name of readdirSync(ROOT)) {
      if (left.has(name)) continue;
      const filter = (/** @type {string} */ source) => path.basename(source) !== "node_modules";
      cpSync(path.join(ROOT, name), path.join(copy, name), { recursive: true, filter });
    }
    linkPackages(copy);
    const changed = path.join(copy, file);
    const source = readFileSync(changed, "utf8");
    if (source.split(from).length !== 2) throw new Error(`${file} has not one place that reads:\n${from}`);
    writeFileSync(changed, source.replace(from, to));
    if (built) {
      const { code } = await run(process.execPath, ["node_modules/typescript/bin/tsc", "-b", "runtime"], {
        cwd: copy,
        limit: LIMIT,
      });
      if (code !== 0) throw new Error(`${file} cannot be built with its break.`);
    }
    const args = ["node_modules/vitest/vitest.mjs", "run", ...test.split(" ")];
    const env = { ...process.env, NO_COLOR: "1" };
    const { code, output } = await run(process.execPath, args, { cwd: copy, limit: LIMIT, quiet: true, env });
    if (!/Tests +\d/.test(output)) throw new Error(`the tests of "${test}" did not run:\n${output.slice(-2_000)}`);
    return code !== 0 && /Tests +\d+ failed/.test(output);
  } finally {
    rmSync(copy, { recursive: true, force: true });
  }
}

/** The packages are those of the project; what it links to itself leads into the copy. @param {string} copy */
function linkPackages(copy) {
  const [from, to] = [path.join(ROOT, "node_modules"), path.join(copy, "node_modules")];
  mkdirSync(to);
  for (const name of readdirSync(from)) {
    if (name !== "@parley") symlinkSync(path.join(from, name), path.join(to, name));
  }
  cpSync(path.join(from, "@parley"), path.join(to, "@parley"), { recursive: true, verbatimSymlinks: true });
}
