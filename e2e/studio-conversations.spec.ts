import { AxeBuilder } from "@axe-core/playwright";
import type { Page, Route } from "@playwright/test";
import { textOf } from "./support/reference.js";
import { startServer } from "./support/server.js";
import { test as base, expect } from "./support/studio.js";
import { visit } from "./support/visitors.js";

const FLOW = "feedback-survey";

/** One server for all of these: each adds visitors of its own. */
const test = base.extend<{ visitors: Page }, { server: Awaited<ReturnType<typeof startServer>> }>({
  server: [
    // biome-ignore lint/correctness/noEmptyPattern: the shape that Playwright asks for
    async ({}, use) => {
      const server = await startServer({ args: [`flows/${FLOW}.json`] });
      await use(server);
      await server.stop("SIGKILL");
    },
    { scope: "worker" },
  ],
  visitors: async ({ browser, server }, use) => {
    const context = await browser.newContext();
    const page = await context.newPage();
    await page.goto(server.url);
    await use(page);
    await context.close();
  },
});

const rows = (page: Page) => page.getByRole("list", { name: "Conversations" }).getByRole("listitem");
const clean = async (page: Page) =>
  expect((await new AxeBuilder({ page }).analyze()).violations.map(({ id, nodes }) => [id, nodes[0]?.html])).toEqual(
    [],
  );

const ADA = [
  { pick: "great", of: "visit" },
  { pick: "coffee", of: "liked" },
  { type: "More cake, please", into: "better" },
  { pick: "yes", of: "again" },
] as const;
const BOB = [{ pick: "fine", of: "visit" }] as const;
const EVE = [
  { pick: "poor", of: "visit" },
  { type: "=1+1", into: "better" },
] as const;

test("three visitors talk; they are found, searched and read, step by step", async ({ page, visitors }) => {
  // A list that is not whole yet says so, and not that there is nobody; it looks again by itself.
  const lists = "**/api/conversations?*";
  await page.route(lists, async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, json: { ...(await response.json()), catchingUp: 45 } });
  });
  await page.goto("/studio/conversations");
  await expect(page.getByText("Conversations are still being gathered: 45 % so far.")).toBeVisible();
  await expect(page.getByRole("heading", { level: 2 })).toHaveCount(0);
  await clean(page);
  await page.unroute(lists);
  await expect(page.getByRole("heading", { name: "Nobody has talked yet" })).toBeVisible();
  await clean(page);
  // The list is there before they are: it follows by itself.
  const ada = await visit(visitors, FLOW, ADA, { page: "https://kettle.example/menu?table=3" });
  await visit(visitors, FLOW, BOB);
  await visit(visitors, FLOW, EVE);
  await expect(rows(page)).toHaveCount(3);
  await expect(rows(page).filter({ hasText: "Ended" })).toHaveCount(1);
  await clean(page);

  await page.getByRole("searchbox", { name: "Search what was said" }).fill("cake");
  await expect(rows(page)).toHaveCount(1);
  await expect(rows(page).locator("mark")).toHaveText("cake");
  await page.getByRole("link", { name: /cake/ }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(`Conversation ${ada.slice(0, 8)}`);
  const said = page.getByRole("list", { name: "What was said" });
  await expect(said).toContainText("More cake, please");
  await expect(page.getByText("https://kettle.example/menu", { exact: true })).toBeVisible();
  const drawing = page.getByRole("application", { name: /as a drawing/ });
  await expect(drawing).toBeVisible();
  await clean(page);

  // Back in time: the way ends at the first question, and that is what waits.
  const moments = page.getByRole("slider", { name: "Moment" });
  await moments.focus();
  await page.keyboard.press("Home");
  await expect(page.getByText("Message 1 of 13")).toBeVisible();
  await page.getByRole("button", { name: "Message after" }).click();
  await expect(drawing.getByText("Waits here")).toHaveCount(1);
  await expect(said.locator("[data-later]")).toHaveCount(10);
  await page.keyboard.press("Shift+Tab");
  await moments.focus();
  await page.keyboard.press("End");
  await expect(drawing.getByText("Waits here")).toHaveCount(0);

  // The way back keeps the search.
  await page.goBack();
  await expect(page.getByRole("searchbox")).toHaveValue("cake");
  await expect(rows(page)).toHaveCount(1);
});

test("answers follow by themselves, in the columns that one chose, and so does the file", async ({
  page,
  visitors,
}) => {
  await visit(visitors, FLOW, ADA);
  await page.goto(`/studio/f/${FLOW}/answers`);
  const table = page.getByRole("table");
  // Her row of just now, the newest, and none of an earlier visit.
  await expect(table.getByRole("row").nth(1)).toContainText("More cake, please");
  const before = await countOf(page);
  await expect(table.getByRole("row")).toHaveCount(before + 1);
  await clean(page);
  await visit(visitors, FLOW, EVE);
  await expect(table.getByRole("row")).toHaveCount(before + 2);
  await expect(table.getByRole("row").nth(1)).toContainText("=1+1");

  // Chosen faster than rows come: all of them are taken.
  let chosen = () => {};
  const all = new Promise<void>((resolve) => (chosen = resolve));
  const rowsWait = async (route: Route) => {
    await all;
    // Of a table that is not wanted any more the request may be gone.
    await route.continue().catch(() => undefined);
  };
  await page.route(/\/answers\?/, rowsWait);
  await page.getByRole("button", { name: "Columns" }).click();
  for (const name of ["Page", "Last step", "Version", "Time (UTC)"]) {
    await page.getByRole("menuitemcheckbox", { name }).click();
  }
  chosen();
  await page.unroute(/\/answers\?/, rowsWait);
  await page.keyboard.press("Escape");
  await expect(table.getByRole("columnheader").first()).toHaveText("Status");
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("link", { name: "Download CSV" }).click(),
  ]);
  const lines = (await textOf(download)).split("\r\n");
  const shown = await table.getByRole("columnheader").allInnerTexts();
  expect(lines[0]!.replace(/^\uFEFF/, "").replaceAll(/(^|,)"([^"]*)"/g, "$1$2")).toBe(shown.join(","));
  expect(lines[1]).toBe("Waiting,🙁 Not so good,,'=1+1,");
  expect(lines).toHaveLength(before + 3);

  await table.getByRole("row").nth(1).getByText("=1+1").click();
  await expect(page.getByRole("list", { name: "What was said" })).toContainText("=1+1");
});

test("counts are painted on the drawing, and what most stop at is said", async ({ page, visitors }) => {
  await visit(visitors, FLOW, BOB);
  await page.goto(`/studio/f/${FLOW}/counts`);
  await expect(page.getByRole("heading", { name: "Where most stop" })).toBeVisible();
  const drawing = page.getByRole("application", { name: /as a drawing/ });
  await expect(drawing.getByTitle(/stopped here/).first()).toBeVisible();
  await clean(page);
  await page.getByRole("combobox", { name: "When it began" }).selectOption("Choose days");
  await page.getByRole("textbox", { name: "To", exact: true }).fill("2020-01-01");
  await expect(page.getByRole("heading", { name: "Nothing to count" })).toBeVisible();
});

test("a conversation is erased by its name, and the visitor's tab is told", async ({ page, visitors }) => {
  const word = "qwhzpxkvmnbtrdlsgcjfayeo";
  const sid = await visit(visitors, FLOW, [
    { pick: "fine", of: "visit" },
    { type: word, into: "better" },
  ]);
  await page.goto(`/studio/f/${FLOW}/conversations?text=${word}`);
  await page.getByRole("link", { name: word }).click();
  // A test made of it goes with it.
  await page.getByRole("button", { name: "Save as a test" }).click();
  await page.getByRole("textbox", { name: "Name of the test" }).fill("Made of a visitor");
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await expect(page.getByText("is a test now")).toBeVisible();
  await page.getByRole("button", { name: "Erase" }).click();
  const dialog = page.getByRole("dialog");
  const erase = dialog.getByRole("button", { name: "Erase for good" });
  await expect(erase).toBeDisabled();
  await clean(page);
  await dialog.getByRole("textbox").fill(sid.slice(0, 8));
  await erase.click();
  await expect(dialog.getByText("It is erased")).toBeVisible();
  await expect(dialog.getByText(`${FLOW}/made-of-a-visitor`)).toBeVisible();
  await clean(page);
  await expect(visitors.locator("html")).toHaveAttribute("data-closed", "4410");
  await dialog.getByRole("button", { name: "Close" }).last().click();
  await expect(page).toHaveURL(new RegExp(`/studio/f/${FLOW}/conversations$`));
  await page.getByRole("searchbox").fill(word);
  await expect(page.getByRole("heading", { name: "No conversation is like that" })).toBeVisible();
});

const SIZES = [
  { width: 390, schemes: ["dark"] },
  { width: 1024, schemes: ["light"] },
  { width: 1440, schemes: ["light", "dark"] },
] as const;
for (const { width, schemes } of SIZES) {
  test(`fits ${width} pixels, light and dark, also away from the server`, async ({
    page,
    visitors,
    context,
    expected,
  }) => {
    await page.setViewportSize({ width, height: 844 });
    const sid = await visit(visitors, FLOW, ADA);
    for (const path of [
      "/studio/conversations",
      `/studio/f/${FLOW}/conversations`,
      `/studio/f/${FLOW}/answers`,
      `/studio/f/${FLOW}/counts`,
      `/studio/f/${FLOW}/conversations/${sid}`,
    ]) {
      await page.goto(path);
      await expect(page.getByRole("heading", { level: 1 })).not.toHaveText(/^\s*$/);
      await expect(
        page
          .getByText(/Certainly|Will you come back|Where most stop|More cake/)
          .filter({ visible: true })
          .first(),
      ).toBeVisible();
      for (const scheme of schemes) {
        await page.emulateMedia({ colorScheme: scheme });
        await expect(page.locator("html")).toHaveAttribute("data-mantine-color-scheme", scheme);
        await clean(page);
      }
      const over = await page.evaluate(
        () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
      );
      expect(over, path).toBe(0);
    }
    expected.push(/ERR_INTERNET_DISCONNECTED|Failed to fetch|WebSocket/);
    await page.goto(`/studio/f/${FLOW}/answers`);
    await expect(page.getByRole("table")).toBeVisible();
    await context.setOffline(true);
    await page.getByRole("combobox", { name: "Status" }).selectOption("Ended");
    await expect(page.getByRole("alert")).toContainText("The server cannot be reached");
    await context.setOffline(false);
    await expect(page.getByRole("table")).toBeVisible();
  });
}

/** How many conversations there are so far. */
async function countOf(page: Page): Promise<number> {
  const answer = await page.request.get(`/api/flows/${FLOW}/answers?limit=1`);
  return ((await answer.json()) as { total: number }).total;
}
