import { ensureBuilt, ensureInstalled, PrepareError } from "./prepare.mjs";
import { endOnSignals } from "./processes.mjs";

endOnSignals();
try {
  await ensureInstalled();
  await ensureBuilt({ force: true });
} catch (error) {
  console.error(error instanceof PrepareError ? error.message : error);
  process.exitCode = 1;
}
