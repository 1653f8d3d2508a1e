// The package for sites with a build of their own: ES modules with types.
import { copyFile, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { build } from "esbuild";
import ts from "typescript";

/** What a site imports, and the files whose types stand in theirs. */
const ENTRIES = ["index", "react"];
const TYPES = [...ENTRIES, "options"];

/**
 * Writes the package, ready to publish: what it needs is in it.
 * @param {{ common: import("esbuild").BuildOptions, room: string, to: string }} options
 */
export async function buildPackage({ common, room, to }) {
  await rm(to, { recursive: true, force: true });
  await mkdir(to, { recursive: true });
  await build({
    ...common,
    write: true,
    entryPoints: ENTRIES.map((name) => join(room, `src/${name}.ts`)),
    outdir: to,
    format: "esm",
    splitting: true,
    chunkNames: "[name]-[hash]",
    external: ["react"],
  });
  for (const name of TYPES) {
    const source = await readFile(join(room, `src/${name}.ts`), "utf8");
    const { outputText, diagnostics } = ts.transpileDeclaration(source, {
      fileName: `${name}.ts`,
      reportDiagnostics: true,
      compilerOptions: { isolatedDeclarations: true, declaration: true, stripInternal: true },
    });
    const problem = diagnostics?.[0];
    if (problem) throw new Error(`${name}.ts: ${ts.flattenDiagnosticMessageText(problem.messageText, " ")}`);
    await writeFile(join(to, `${name}.d.ts`), outputText);
  }
  const { version, description, license } = JSON.parse(await readFile(join(room, "package.json"), "utf8"));
  await writeFile(
    join(to, "package.json"),
    `${JSON.stringify(manifest({ version, description, license }), null, 2)}\n`,
  );
  await copyFile(join(room, "README.md"), join(to, "README.md"));
  await copyFile(join(room, "../LICENSE"), join(to, "LICENSE"));
}

/** @param {{ version: string, description: string, license: string }} about */
const manifest = (about) => ({
  name: "@parley/widget",
  ...about,
  keywords: ["chat", "chatbot", "widget"],
  type: "module",
  sideEffects: false,
  main: "./index.js",
  types: "./index.d.ts",
  exports: {
    ".": { types: "./index.d.ts", default: "./index.js" },
    "./react": { types: "./react.d.ts", default: "./react.js" },
    "./package.json": "./package.json",
  },
  files: ["*.js", "*.d.ts"],
  peerDependencies: { react: ">=18" },
  peerDependenciesMeta: { react: { optional: true } },
});
