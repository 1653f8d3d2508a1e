import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

// Tests run on the sources; only worker threads need the built files (see runtime/src/log/worker-url.ts).
const src = (room: string) => fileURLToPath(new URL(`./${room}/src/`, import.meta.url));

export default defineConfig({
  resolve: { alias: [{ find: /^@parley\/shared\/(.*)$/, replacement: `${src("shared")}$1.ts` }] },
  test: {
    include: ["{shared,runtime,widget,studio}/src/**/*.test.{ts,tsx}", "examples/**/*.test.mjs"],
    setupFiles: ["scripts/same-examples.mjs"],
    testTimeout: 60_000,
    // Of two cores it would use one, and the run is as long as everybody waits for it.
    maxWorkers: Math.max(2, availableParallelism() - 1),
  },
});
