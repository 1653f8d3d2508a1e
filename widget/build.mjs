import { createHash } from "node:crypto";
import { watch as watchFiles } from "node:fs";
import { cp, mkdir, readdir, rename, rm, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, constants } from "node:zlib";
import { context } from "esbuild";
import { compressFile } from "../scripts/compress.mjs";
import { buildPackage } from "./build-package.mjs";

const ROOM = dirname(fileURLToPath(import.meta.url));
const DIST = join(ROOM, "dist");
const LANGUAGES = ["de", "fr", "es", "pt", "ar", "ja"];
/** What comes on demand behind the conversation: a language where it is spoken, the debug pane where it is asked for. */
const PARTS = [
  { in: "src/debug-pane.ts", out: "debug" },
  ...LANGUAGES.map((name) => ({ in: `src/languages/${name}.ts`, out: name })),
];
/** Brotli bytes. */
const LIMIT = { loader: 4 * 1024, everything: 20 * 1024 };

const common = {
  bundle: true,
  minify: true,
  write: false,
  target: ["es2022", "chrome111", "firefox113", "safari16.4"],
  charset: "utf8",
  legalComments: "none",
  logLevel: "warning",
  // The sources of shared: a build of the widget needs no other build first.
  plugins: [
    {
      name: "shared-sources",
      setup: (build) =>
        build.onResolve({ filter: /^@parley\/shared\// }, ({ path }) => ({
          path: join(ROOM, "../shared/src", `${path.slice("@parley/shared/".length)}.ts`),
        })),
    },
  ],
};

const brotli = (bytes) =>
  brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY } }).length;

/** Writes a file so that a server that reads it meanwhile has the old one or the new one. */
async function put(path, bytes) {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(`${path}.new`, bytes);
  await rename(`${path}.new`, path);
}

/**
 * Builds `dist/widget.js` (the loader), its parts `dist/widget/<name>-<digest>.js`, `dist/widget.json` (what a page that
 * pins a version needs, and sizes), `dist/npm/` (the package), `dist/demo/`, and `dist/preview/` (the page of the studio's
 * previews: no part of what a site loads).
 * @param {{ watch?: boolean }} options `watch`: builds again when a source changes, until `stop` is called; no package
 * @returns {Promise<{ loader: number, everything: number, stop: () => Promise<void> }>} sizes in Brotli bytes
 * @throws {Error} when a size is over its limit (while watching it is only said)
 */
export async function buildWidget({ watch = false } = {}) {
  let sizes = { loader: 0, everything: 0 };
  /** The latest build of each entry. */
  const built = {};
  const each = async (name, format, define, done) => {
    await built[name]?.dispose();
    built[name] = await context({
      ...common,
      entryPoints: [join(ROOM, `src/${name}.ts`)],
      format,
      define,
      plugins: [
        ...common.plugins,
        {
          name: "write",
          setup: (build) =>
            build.onEnd(async ({ outputFiles }) => {
              if (outputFiles?.[0]) await done(outputFiles[0].contents);
            }),
        },
      ],
    });
    await built[name].rebuild();
    if (watch) await built[name].watch();
  };

  const finish = async (files) => {
    const parts = Object.fromEntries(files.map(({ path, contents }) => [basename(path, ".js"), part(path, contents)]));
    for (const { file, bytes } of Object.values(parts)) await put(join(DIST, "widget", file), bytes);
    const digests = Object.fromEntries(Object.entries(parts).map(([name, { digest }]) => [name, digest]));
    // From the last to the first: each knows what it brings, and is named by what it holds.
    await each("conversation-part", "esm", { PART_DIGESTS: JSON.stringify(digests) }, async (bytes) => {
      const conversation = part("conversation.js", bytes);
      await put(join(DIST, "widget", conversation.file), bytes);
      await each("loader", "iife", { CONVERSATION: JSON.stringify(conversation.digest) }, (loader) =>
        finishLoader(loader, { conversation, ...parts }),
      );
    });
  };
  const finishLoader = async (bytes, parts) => {
    const file = join(DIST, "widget.js");
    // The same under a name that never changes its content, for pages that pin it.
    const pinned = part("loader.js", bytes);
    await put(join(DIST, "widget", pinned.file), bytes);
    // While watching nothing is packed, and what was packed before is no longer the same.
    for (const ending of [".br", ".gz"]) await rm(`${file}${ending}`, { force: true });
    await put(file, bytes);
    const names = [pinned.file, ...Object.values(parts).map((one) => one.file)];
    if (!watch)
      for (const packed of [...names.map((name) => join(DIST, "widget", name)), file]) await compressFile(packed);
    await put(join(DIST, "widget.json"), describe(pinned, parts));
    // Old parts go last, when no loader names them any more.
    for (const old of await readdir(join(DIST, "widget"))) {
      if (!names.some((name) => old.startsWith(name))) await rm(join(DIST, "widget", old), { force: true });
    }
    sizes = { loader: brotli(bytes), everything: brotli(bytes) + brotli(parts.conversation.bytes) };
    report(sizes, parts);
  };

  const copyDemo = () => cp(join(ROOM, "demo"), join(DIST, "demo"), { recursive: true });
  await copyDemo();
  const words = await context({
    ...common,
    entryPoints: PARTS.map(({ in: source, out }) => ({ in: join(ROOM, source), out })),
    outdir: DIST,
    format: "esm",
    plugins: [
      ...common.plugins,
      {
        name: "write",
        setup: (build) =>
          build.onEnd(async ({ outputFiles }) => {
            if (outputFiles?.length === PARTS.length) await finish(outputFiles);
          }),
      },
    ],
  });
  const preview = await context({
    ...common,
    entryPoints: [join(ROOM, "src/preview.ts")],
    format: "iife",
    plugins: [
      ...common.plugins,
      {
        name: "write",
        setup: (build) =>
          build.onEnd(async ({ outputFiles }) => {
            if (outputFiles?.[0]) await put(join(DIST, "preview", "preview.js"), outputFiles[0].contents);
          }),
      },
    ],
  });
  const stop = async () => {
    await preview.dispose();
    await words.dispose();
    for (const one of Object.values(built)) await one.dispose();
  };
  if (watch) {
    // Built once before this returns, so that a server started next has files to serve.
    await Promise.all([words.rebuild(), preview.rebuild()]);
    await Promise.all([words.watch(), preview.watch()]);
    // A file that goes away while it is copied comes with the next event.
    const demo = watchFiles(join(ROOM, "demo"), () => void copyDemo().catch(() => undefined));
    return {
      ...sizes,
      stop: async () => {
        demo.close();
        await stop();
      },
    };
  }
  await Promise.all([words.rebuild(), preview.rebuild()]).finally(stop);
  await buildPackage({ common, room: ROOM, to: join(DIST, "npm") });
  const over = Object.keys(LIMIT).filter((part) => sizes[part] > LIMIT[part]);
  if (over.length > 0) throw new Error(`The widget is too large: ${over.join(" and ")} over the limit.`);
  return { ...sizes, stop };
}

/** A part: its file is named by its digest, by which a loader and a page can tell that it is the right one. */
function part(path, bytes) {
  const digest = createHash("sha256").update(bytes).digest("base64");
  const name = digest.slice(0, 12).replace(/[+/]/g, "-");
  return { file: `${basename(path, ".js")}-${name}.js`, digest, bytes };
}

/** What a page that pins this version needs, and what comes on demand with its size in Brotli bytes. */
function describe(loader, parts) {
  const about = ({ file, digest, bytes }) => ({
    src: `/widget/${file}`,
    integrity: `sha256-${digest}`,
    size: brotli(bytes),
  });
  const named = Object.fromEntries(Object.entries(parts).map(([name, one]) => [name, about(one)]));
  return `${JSON.stringify({ loader: about(loader), parts: named }, null, 2)}\n`;
}

function report(sizes, parts) {
  const lines = Object.entries(LIMIT).map(([name, limit]) => `${name} ${sizes[name]} of ${limit}`);
  const more = Object.entries(parts).filter(([name]) => name !== "conversation");
  const onDemand = more.map(([name, { bytes }]) => `${name} ${brotli(bytes)}`);
  console.log(`widget: ${lines.join(", ")} bytes (Brotli); on demand ${onDemand.join(", ")}`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const watch = process.argv.includes("--watch");
  await buildWidget({ watch }).catch((error) => {
    console.error(error.message);
    process.exitCode = 1;
  });
}
