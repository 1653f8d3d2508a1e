import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { defineConfig } from "@playwright/test";

const find = fileURLToPath(new URL("../scripts/find-browser.mjs", import.meta.url));
const script = `import(${JSON.stringify(find)}).then(async (m) => process.stdout.write(await m.findBrowser()))`;
const executablePath =
  process.env.PARLEY_BROWSER ?? execFileSync(process.execPath, ["-e", script], { encoding: "utf8" });
const confined = process.getuid?.() === 0 || process.env.CI ? ["--no-sandbox"] : [];

export default defineConfig({
  testDir: ".",
  testMatch: "**/*.spec.ts",
  outputDir: "results",
  // Each has servers and browsers of its own, and waits for them most of the time.
  workers: 2,
  retries: 0,
  // Ceilings that only a hang reaches, on a slow machine too.
  timeout: 180_000,
  expect: { timeout: 30_000 },
  use: {
    launchOptions: {
      executablePath,
      args: [
        "--headless",
        ...confined,
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
      ],
    },
    contextOptions: { reducedMotion: "reduce" },
  },
});
