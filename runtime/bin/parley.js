#!/usr/bin/env -S node --disallow-code-generation-from-strings
import { existsSync } from "node:fs";

const main = new URL("../dist/main.js", import.meta.url);
if (existsSync(main)) {
  const { main: run } = await import(main.href);
  await run(process.argv.slice(2), process.env);
} else {
  process.stderr.write('Parley is not built yet: run "npm run build" (or "npm start") in its folder first.\n');
  process.exitCode = 1;
}
