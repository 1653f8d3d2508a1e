import { createHash } from "node:crypto";
import { watch as watchFiles } from "node:fs";
import { cp, mkdir, readdir, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, constants } from "node:zlib";
import { context } from "esbuild";

const ROOM = dirname(fileURLToPath(import.meta.url));
const DIST = join(ROOM, "dist");
/** Brotli bytes. */
const LIMIT = { loader: 4 * 1024, everything: 20 * 1024 };

const common = {
  bundle: true,
  minify: true,
  write: false,
  target: ["es2022", "chrome111", "firefox113", "safari16.4"],
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
 * Builds `dist/widget.js` (the loader), `dist/widget/conversation-<hash>.js` and `dist/demo/`.
 * @param {{ watch?: boolean }} options `watch`: builds again when a source changes, until `stop` is called
 * @returns {Promise<{ loader: number, everything: number, stop: () => Promise<void> }>} sizes in Brotli bytes
 * @throws {Error} when a size is over its limit (while watching it is only said)
 */
export async function buildWidget({ watch = false } = {}) {
  let sizes = { loader: 0, everything: 0 };
  let name = "";
  let loader;

  const finish = async (part) => {
    name = `conversation-${createHash("sha256").update(part).digest("hex").slice(0, 10)}.js`;
    await put(join(DIST, "widget", name), part);
    await loader?.dispose();
    loader = await context({
      ...common,
      entryPoints: [join(ROOM, "src/loader.ts")],
      format: "iife",
      define: { CONVERSATION_FILE: JSON.stringify(`widget/${name}`) },
      plugins: [
        ...common.plugins,
        { name: "write", setup: (build) => build.onEnd((result) => finishLoader(result, part)) },
      ],
    });
    await loader.rebuild();
    if (watch) await loader.watch();
  };
  const finishLoader = async (result, part) => {
    const bytes = result.outputFiles?.[0]?.contents;
    if (!bytes) return;
    await put(join(DIST, "widget.js"), bytes);
    // Old parts go last, when no loader names them any more.
    for (const file of await readdir(join(DIST, "widget"))) {
      if (file !== name) await rm(join(DIST, "widget", file), { force: true });
    }
    sizes = { loader: brotli(bytes), everything: brotli(bytes) + brotli(part) };
    report(sizes);
  };

  const copyDemo = () => cp(join(ROOM, "demo"), join(DIST, "demo"), { recursive: true });
  await copyDemo();
  const conversation = await context({
    ...common,
    entryPoints: [join(ROOM, "src/conversation.ts")],
    format: "esm",
    plugins: [
      ...common.plugins,
      {
        name: "write",
        setup: (build) =>
          build.onEnd(async ({ outputFiles }) => {
            if (outputFiles?.[0]) await finish(outputFiles[0].contents);
          }),
      },
    ],
  });
  const stop = async () => {
    await conversation.dispose();
    await loader?.dispose();
  };
  if (watch) {
    // Built once before this returns, so that a server started next has files to serve.
    await conversation.rebuild();
    await conversation.watch();
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
  await conversation.rebuild().finally(stop);
  const over = Object.keys(LIMIT).filter((part) => sizes[part] > LIMIT[part]);
  if (over.length > 0) throw new Error(`The widget is too large: ${over.join(" and ")} over the limit.`);
  return { ...sizes, stop };
}

function report(sizes) {
  const lines = Object.entries(LIMIT).map(([part, limit]) => `${part} ${sizes[part]} of ${limit}`);
  console.log(`widget: ${lines.join(", ")} bytes (Brotli)`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const watch = process.argv.includes("--watch");
  await buildWidget({ watch }).catch((error) => {
    console.error(error.message);
    process.exitCode = 1;
  });
}
