// What the browser has to get before a screen of the studio is there: its build fails when that is too much.
import { compress } from "./compress.mjs";
import { withoutUnused } from "./unused-styles.mjs";

/** Brotli bytes. */
export const LIMIT = 400_000;
/** Parts that most visits never need: they are loaded when they are asked for. */
const ON_DEMAND = { "the JSON view": /[\\/]@codemirror[\\/]/, "the layout": /[\\/]elkjs[\\/]/ };
/** The page that has screens. */
const STUDIO = "studio";
const PACKED = /\.(js|css|svg)$/;

/**
 * @typedef {{
 *   fileName: string, name?: string, isEntry?: boolean, imports?: string[], dynamicImports?: string[],
 *   moduleIds?: string[], viteMetadata?: { importedCss: Iterable<string> },
 * }} Output
 * @typedef {Record<string, Output>} Bundle what a build has made, by file name
 */

/**
 * The files of each screen: those of the studio's page, and those of the screen that it imports when it is the one to
 * show; and those of each page that stands alone.
 * @param {Bundle} bundle
 * @returns {Record<string, string[]>} screen → file names
 */
export function firstLoads(bundle) {
  const pages = Object.values(bundle).filter(({ isEntry }) => isEntry);
  const page = pages.find(({ name }) => name === STUDIO);
  if (page === undefined) throw new Error("The build has made no page of the studio.");
  const alone = pages.filter((other) => other !== page);
  const own = filesOf(bundle, [page.fileName]);
  const screens = own.flatMap((file) => bundle[file]?.dynamicImports ?? []);
  return Object.fromEntries([
    ...screens.map((file) => [bundle[file]?.name ?? file, filesOf(bundle, [page.fileName, file])]),
    ...alone.map(({ name, fileName }) => [name ?? fileName, filesOf(bundle, [fileName])]),
  ]);
}

/**
 * The given files and all that they import before they run.
 * @param {Bundle} bundle
 * @param {string[]} first
 */
function filesOf(bundle, first) {
  const found = new Set(first);
  for (const file of found) {
    const { imports = [], viteMetadata } = bundle[file] ?? {};
    for (const other of [...imports, ...(viteMetadata?.importedCss ?? [])]) found.add(other);
  }
  return [...found];
}

/**
 * What is wrong with the first load of a screen.
 * @param {Bundle} bundle
 * @param {(file: string) => number} size in Brotli bytes
 * @returns {{ lines: string[], complaints: string[] }} the sizes in words; a sentence for each thing that is wrong
 */
export function judge(bundle, size) {
  const lines = [];
  const complaints = [];
  for (const [screen, files] of Object.entries(firstLoads(bundle))) {
    const total = files.reduce((sum, file) => sum + size(file), 0);
    lines.push(`${screen} ${total} of ${LIMIT}`);
    if (total > LIMIT) complaints.push(`The first load of ${screen} is ${total} bytes in Brotli, over ${LIMIT}.`);
    const modules = files.flatMap((file) => bundle[file]?.moduleIds ?? []);
    for (const [part, pattern] of Object.entries(ON_DEMAND)) {
      const module = modules.find((id) => pattern.test(id));
      if (module !== undefined) complaints.push(`${screen} loads ${part} before it is asked for: ${module}`);
    }
  }
  return { lines, complaints };
}

/**
 * Takes out styles of components that are not used, adds what is made packed, prints the first loads, and fails the build
 * when one is too large.
 * @returns a plugin for vite
 */
export function firstLoad() {
  return {
    name: "first-load",
    generateBundle: {
      // Behind those that still make files.
      order: /** @type {const} */ ("post"),
      /**
       * @this {{ emitFile(file: { type: "asset", fileName: string, source: Uint8Array }): void }}
       * @param {unknown} _options
       * @param {Record<string, Output & { code?: string, source?: string | Uint8Array }>} bundle
       */
      async handler(_options, bundle) {
        dropUnusedStyles(Object.values(bundle));
        /** @type {Record<string, number>} */
        const sizes = {};
        const files = Object.values(bundle).filter(({ fileName }) => PACKED.test(fileName));
        const pack = async (/** @type {(typeof files)[number]} */ { fileName, code, source }) => {
          const packed = await compress(code ?? source ?? "");
          sizes[fileName] = packed[".br"].length;
          for (const [ending, source] of Object.entries(packed))
            this.emitFile({ type: "asset", fileName: `${fileName}${ending}`, source });
        };
        await Promise.all(files.map(pack));
        const { lines, complaints } = judge(bundle, (file) => sizes[file] ?? 0);
        console.log(`studio: first load of ${lines.join(", ")} bytes (Brotli)`);
        if (complaints.length > 0) throw new Error(complaints.join("\n"));
      },
    },
  };
}

/** @param {{ fileName: string, code?: string, source?: string | Uint8Array }[]} files */
function dropUnusedStyles(files) {
  const known = new Set(files.flatMap(({ code = "" }) => code.match(/\bm_[0-9a-f]{6,8}\b/g) ?? []));
  for (const file of files) {
    if (file.fileName.endsWith(".css")) file.source = withoutUnused(String(file.source), (name) => known.has(name));
  }
}
