import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

/**
 * Where the built file of a worker thread is: `./<name>.js` beside a built module, and its twin under `dist` when the
 * module runs from `src` (tests), since Node starts no TypeScript worker.
 *
 * @param name the worker's file without its ending
 * @param from `import.meta.url` of the module beside it
 * @throws Error if the sources run and nothing is built
 */
export function workerUrl(name: string, from: string): URL {
  const url = new URL(`./${name}.js`, from);
  if (!from.endsWith(".ts")) return url;
  const at = url.pathname.lastIndexOf("/src/");
  url.pathname = `${url.pathname.slice(0, at)}/dist/${url.pathname.slice(at + "/src/".length)}`;
  if (!existsSync(fileURLToPath(url))) {
    throw new Error(`The worker ${name}.js is not built: run "npx tsc -b runtime" first.`);
  }
  return url;
}
