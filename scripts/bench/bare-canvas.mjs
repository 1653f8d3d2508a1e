import { createServer } from "node:http";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { build } from "esbuild";
import { ROOT } from "../prepare.mjs";

const BENCH = path.join(ROOT, "studio/bench");
/** The sources of shared, as the studio's own build takes them. */
const SHARED = {
  name: "shared-sources",
  /** @param {import("esbuild").PluginBuild} build */
  setup(build) {
    build.onResolve({ filter: /^@parley\/shared\// }, ({ path: name }) => ({
      path: path.join(ROOT, "shared/src", `${name.slice("@parley/shared/".length)}.ts`),
    }));
  },
};
const COMMON = /** @type {const} */ ({
  bundle: true,
  minify: true,
  format: "esm",
  logLevel: "error",
  jsx: "automatic",
  define: { "process.env.NODE_ENV": '"production"' },
  plugins: [SHARED],
});

/**
 * Serves the bare page on a free port of this machine.
 * @param {string} folder where the builds go
 * @param {object} drawn what it draws, of `drawn`
 * @returns {Promise<{ url: string, close: () => void }>}
 */
export async function serveBarePage(folder, drawn) {
  await build({ ...COMMON, entryPoints: [path.join(BENCH, "bare-page.tsx")], outdir: folder, write: true });
  const { readFile } = await import("node:fs/promises");
  const files = new Map([
    ["/", { type: "text/html", body: PAGE }],
    ["/page.js", { type: "text/javascript", body: await readFile(path.join(folder, "bare-page.js")) }],
    ["/page.css", { type: "text/css", body: await readFile(path.join(folder, "bare-page.css")) }],
    ["/drawn.json", { type: "application/json", body: JSON.stringify(drawn) }],
  ]);
  const server = createServer((request, response) => {
    const file = files.get(new URL(request.url ?? "/", "http://localhost").pathname);
    response.writeHead(file ? 200 : 404, { "Content-Type": `${file?.type ?? "text/plain"}; charset=utf-8` });
    response.end(file?.body);
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(undefined)));
  const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());
  return { url: `http://127.0.0.1:${port}/`, close: () => server.close() };
}

const PAGE = `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Bare</title>
<link rel="icon" href="data:,"><link rel="stylesheet" href="/page.css"><script type="module" src="/page.js"></script></head>
<body><div id="app"></div></body></html>`;

/**
 * What the studio draws of a flow.
 * @param {string} folder where the build goes
 */
export async function drawnBy(folder) {
  const outfile = path.join(folder, "drawn.mjs");
  await build({ ...COMMON, platform: "node", entryPoints: [path.join(BENCH, "drawn.ts")], outfile });
  return /** @type {typeof import("../../studio/bench/drawn.js")} */ (await import(pathToFileURL(outfile).href)).drawn;
}
