// `npm start`: installs what is missing, builds what is stale and becomes the server, under the pid that npm signals.
import path from "node:path";
import { ensureBuilt, ensureInstalled, PrepareError, ROOT } from "./prepare.mjs";
import { endOnSignals, endWithNpm } from "./processes.mjs";
import { serveArguments } from "./serve-arguments.mjs";

endWithNpm();
const release = endOnSignals();
try {
  await ensureInstalled();
  await ensureBuilt();
} catch (error) {
  console.error(error instanceof PrepareError ? error.message : error);
  process.exit(1);
}
const { main } = await import("../runtime/dist/main.js");
// From here on the server's own handlers drain it.
release();
const defaultFlow = path.relative(process.cwd(), path.join(ROOT, "flows/bot-assistant.json"));
await main(serveArguments(process.argv.slice(2), defaultFlow), process.env);
