import { mkdirSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { Page } from "@playwright/test";
import { fillServer } from "./support/fill-server.js";
import { STATES } from "./support/screen-states.js";
import { smallPicture } from "./support/small-picture.js";
import { expect, test } from "./support/studio.js";
import { formatWordsOn } from "./support/words.js";

test.use({ only: "screens" });

/** `PARLEY_PICTURES=1` writes what is seen to docs/screens. */
const PICTURES = process.env.PARLEY_PICTURES ? fileURLToPath(new URL("../docs/screens/", import.meta.url)) : undefined;

test.use({ viewport: { width: 1440, height: 900 } });

test("every screen that is empty, loading, offline or wrong says so, and what to do", async ({
  page,
  another,
  expected,
}) => {
  test.setTimeout(240_000);
  expected.push(/Failed to load resource|Failed to fetch dynamically imported module|WebSocket/);
  const given = await fillServer(page);
  const stranger = await (await another()).newPage();
  await stranger.context().clearCookies();
  const listed: string[] = [];
  for (const { screen, state, at, server, open, shows, signedOut } of STATES) {
    await test.step(`${screen}: ${state}`, async () => {
      const seen = signedOut ? stranger : page;
      await server?.(seen);
      await seen.goto(at(given));
      await open?.(seen, given);
      await shows(seen);
      expect(await formatWordsOn(seen), "words of the file").toEqual([]);
      const name = `${screen} ${state}`.toLowerCase().replace(/[^a-z]+/g, "-");
      if (PICTURES !== undefined) await picture(seen, `${PICTURES}${name}.png`);
      listed.push(`| ${screen} | ${state} | ![${screen}, ${state}](${name}.png) |`);
      await seen.unrouteAll({ behavior: "ignoreErrors" });
    });
  }
  if (PICTURES !== undefined) writeFileSync(`${PICTURES}README.md`, `${ABOUT}${listed.join("\n")}\n`);
});

const ABOUT = `# What the studio shows when there is nothing, not yet, or not any more

Written by \`PARLEY_PICTURES=1 npx playwright test -c e2e/playwright.config.ts studio-screens\`, which also holds each of
them to what it must say. At 1440 × 900, with few colours, so that they stay small.

| screen | state | picture |
| --- | --- | --- |
`;

async function picture(page: Page, path: string): Promise<void> {
  mkdirSync(new URL("./", `file://${path}`), { recursive: true });
  writeFileSync(path, smallPicture(await page.screenshot({ animations: "disabled" })));
}
