import type { Page } from "@playwright/test";
import { expect } from "./studio.js";

/** Chooses a file of this text where the page asks for one; of several places, which do the same, the first. */
export const chooseFile = (page: Page, name: string, text: string): Promise<void> =>
  page
    .locator("input[type=file]")
    .first()
    .setInputFiles({ name, mimeType: "application/json", buffer: Buffer.from(text) });

/** Opens the list of flows, and a file of this text there, as one chooses it from a folder. */
export async function importFile(page: Page, name: string, text: string): Promise<string> {
  await page.goto("/studio/");
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
  await chooseFile(page, name, text);
  await page.waitForURL(/\/studio\/f\//);
  return decodeURIComponent(new URL(page.url()).pathname.split("/").at(-1)!);
}
