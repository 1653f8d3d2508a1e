import { AxeBuilder } from "@axe-core/playwright";
import type { Page } from "@playwright/test";
import { fillServer } from "./support/fill-server.js";
import { shiftsOn, watchShifts } from "./support/layout-shift.js";
import { auditControls } from "./support/page-audit.js";
import { type Given, isEditor, panelsListed, SCREENS, type Screen, visit } from "./support/screens.js";
import { makeLink, SharedPage } from "./support/share.js";
import { expect, test } from "./support/studio.js";
import { formatWordsOn } from "./support/words.js";

test.use({ only: "look" });
// Each walk is long, and none needs another.
test.describe.configure({ mode: "parallel" });

/** `target`: the least size of what is pressed, by a pointer and by a finger. */
const VIEWS = [
  { name: "on a desk", width: 1440, height: 900, target: 24, whole: true },
  { name: "in a small window", width: 1024, height: 768, target: 24, whole: false },
  { name: "on a tablet", width: 1024, height: 768, target: 44, whole: false },
  { name: "on a phone", width: 390, height: 844, target: 44, whole: true },
] as const;

for (const { name, width, height, target, whole } of VIEWS) {
  test.describe(name, () => {
    const touch = target === 44;
    test.use({ viewport: { width, height }, hasTouch: touch, isMobile: touch });

    test(`every screen ${name}, light and dark: whole, in place, in the words of its reader`, async ({
      page,
      expected,
    }) => {
      test.setTimeout(240_000);
      // Addresses that lead nowhere are among the screens.
      expected.push(/status of 404/);
      const given = await fillServer(page);
      await watchShifts(page);
      await page.reload();
      const complaints: string[] = [];
      for (const screen of SCREENS) {
        if (screen.signedOut || (screen.wideOnly && width < 720)) continue;
        await test.step(screen.name, async () => {
          const found = await bringAbout(page, screen, given);
          for (const colorScheme of ["light", "dark"] as const) {
            await inColours(page, colorScheme);
            found.push(...(await auditControls(page, target)));
            // In the dark nothing is other than the colours.
            if (whole) found.push(...(await axe(page, colorScheme === "dark" ? ["color-contrast"] : [])));
          }
          if (!screen.showsFile) found.push(...(await formatWordsOn(page)));
          await inColours(page, "light");
          complaints.push(...found.map((complaint) => `${screen.name}: ${complaint}`));
        });
      }
      expect(complaints).toEqual([]);
    });
  });
}

test("the way in: whole, in place, in the words of its reader", async ({ page, context, expected }) => {
  expected.push(/status of 40[13]/);
  const complaints: string[] = [];
  for (const screen of SCREENS.filter(({ signedOut }) => signedOut)) {
    for (const width of [1440, 1024, 390]) {
      await page.setViewportSize({ width, height: 800 });
      await context.clearCookies();
      await page.goto(screen.at({ flow: "", archived: "", blank: "", bare: "" }));
      await expect(page.getByRole("heading", { name: "Sign in" })).toBeVisible();
      for (const colorScheme of ["light", "dark"] as const) {
        await inColours(page, colorScheme);
        const found = [...(await auditControls(page, 24)), ...(await axe(page, [])), ...(await formatWordsOn(page))];
        complaints.push(...found.map((complaint) => `${screen.name} at ${width}: ${complaint}`));
      }
    }
  }
  expect(complaints).toEqual([]);
});

test("the page of a shared draft: whole, in place, in the words of its reader", async ({ page, another }) => {
  await fillServer(page);
  const address = await makeLink(page, "sample");
  const reader = new SharedPage(await (await another()).newPage());
  const { page: seen } = reader;
  const dialogs: readonly [string, string][] = [
    ["Comment", "Comment"],
    ["Send conversation", "Send conversation"],
    ["1 comment", "Comments"],
  ];
  const complaints: string[] = [];
  const look = async (where: string) => {
    for (const colorScheme of ["light", "dark"] as const) {
      await inColours(seen, colorScheme);
      const found = [...(await auditControls(seen, 24)), ...(await axe(seen, [])), ...(await formatWordsOn(seen))];
      complaints.push(...found.map((complaint) => `${where}, ${colorScheme}: ${complaint}`));
    }
  };
  await seen.goto(address);
  await expect(reader.message("Hello!")).toBeVisible();
  await seen.getByRole("button", { name: "Comment", exact: true }).click();
  await reader.say("Ann", "Is this right?");
  for (const width of [1440, 390]) {
    await seen.setViewportSize({ width, height: 844 });
    if (width < 900) await seen.getByText("Drawing", { exact: true }).click();
    await expect(seen.getByRole("application")).toBeVisible();
    await expect(seen.getByLabel("Laying out")).toBeHidden();
    await look(`the drawing at ${width}`);
    if (width < 900) await seen.getByText("Conversation", { exact: true }).click();
    await expect(reader.message("Hello!")).toBeVisible();
    await look(`the conversation at ${width}`);
    for (const [label, title] of dialogs) {
      await seen.getByRole("button", { name: label, exact: true }).click();
      await expect(seen.getByRole("dialog", { name: title })).toBeVisible();
      await look(`${title} at ${width}`);
      await seen.keyboard.press("Escape");
      await expect(seen.getByRole("dialog")).toBeHidden();
    }
  }
  expect(complaints).toEqual([]);
});

test("no panel is missing among the screens", async ({ page }) => {
  await page.goto("/studio/f/bot-assistant");
  await expect(page.getByRole("application")).toBeVisible();
  const names = SCREENS.map(({ name }) => name);
  for (const title of await panelsListed(page))
    expect(
      names.some((name) => name === title || name.startsWith(`${title}:`)),
      title,
    ).toBe(true);
});

/** Goes there and does what is to be done. @returns what jumped meanwhile */
async function bringAbout(page: Page, screen: Screen, given: Given): Promise<string[]> {
  const path = screen.at(given);
  await visit(page, path);
  if (isEditor(path)) {
    await expect(page.getByRole("application")).toBeVisible();
    await expect(page.getByLabel("Laying out")).toBeHidden();
  } else await expect(page.locator("main h1").first()).toBeVisible();
  await settled(page);
  const loading = (await shiftsOn(page)).map((complaint) => `while it loads it ${complaint}`);
  await screen.open?.(page);
  await settled(page);
  return [...loading, ...(await shiftsOn(page, "drawing"))];
}

/** Turns the device to light or dark. The page follows by script, and what is half of each is no look of it. */
async function inColours(page: Page, colorScheme: "light" | "dark"): Promise<void> {
  await page.emulateMedia({ colorScheme });
  await expect(page.locator("html")).toHaveAttribute("data-mantine-color-scheme", colorScheme);
  await settled(page);
}

/** Nothing moves any more, and what was to be drawn is. */
const settled = (page: Page): Promise<void> =>
  page.evaluate(async () => {
    await Promise.all(document.getAnimations().map(({ finished }) => finished.catch(() => undefined)));
    await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
  });

/** What axe finds: outside of the drawing, which is looked at once by studio.spec.ts. */
async function axe(page: Page, rules: string[]): Promise<string[]> {
  const builder = new AxeBuilder({ page }).exclude(".react-flow__viewport").setLegacyMode();
  builder.options({ resultTypes: ["violations"] });
  if (rules.length > 0) builder.withRules(rules);
  const { violations } = await builder.analyze();
  return violations.map(({ id, nodes }) => `axe: ${id} of ${nodes[0]?.html.slice(0, 200)}`);
}
