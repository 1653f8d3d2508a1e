// `npm run setup`, `cleanup`, `doctor`: installs what is missing, builds what is stale and runs that command.
import { ensureBuilt, ensureInstalled, PrepareError } from "./prepare.mjs";
import { endOnSignals, endWithNpm } from "./processes.mjs";

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
release();
await main(process.argv.slice(2), process.env);
