import type { Page } from "@playwright/test";
import { COMMAND_FLOW, COMMANDS } from "./support/commands.js";
import { drawnOn } from "./support/drawn.js";
import { expectFocusSeen } from "./support/focus.js";
import { command, visit } from "./support/screens.js";
import { expect, test } from "./support/studio.js";

test.use({ only: "keys" });

test("every command of the list is done by keys alone, and the keyboard is never lost", async ({ page }) => {
  test.setTimeout(240_000);
  const seen = new Set<string>();
  for (const { label, given, done, brings, flow } of COMMANDS) {
    await test.step(label, async () => {
      await openFresh(page, flow);
      await given?.(page);
      for (const one of await listed(page)) seen.add(one);
      const before = await drawnOn(page);
      const brought =
        brings === "download" ? page.waitForEvent("download") : brings && page.waitForEvent("filechooser");
      await page.keyboard.press("Control+k");
      await page.getByRole("combobox", { name: "What would you like to do?" }).fill(label);
      const first = page.getByRole("dialog", { name: "Commands" }).getByRole("option").first();
      await expect(first).toContainText(label);
      await page.keyboard.press("Enter");
      await brought;
      await done?.(page, before);
      await expectFocusSeen(page, label);
    });
  }
  const known = new Set(COMMANDS.map(({ label }) => label));
  expect(
    [...seen].filter((label) => !known.has(label)),
    "commands without a test",
  ).toEqual([]);
});

let made = 0;

/** Opens the flow of the commands, each time a new one, with the keyboard on the drawing. */
async function openFresh(page: Page, flow?: string): Promise<void> {
  const id = flow ?? `command-${++made}`;
  if (flow === undefined) {
    const headers = { Origin: new URL(page.url()).origin };
    const data = { id, title: "Commands", from: { kind: "file", ...COMMAND_FLOW } };
    expect((await page.request.post("/api/flows", { headers, data })).status()).toBe(201);
  }
  await visit(page, `/studio/f/${id}`);
  await expect(page.getByRole("application")).toBeVisible();
  await expect(page.getByLabel("Laying out")).toBeHidden();
  await page.getByRole("application").focus();
}

/** Everything that the list of commands has now. */
async function listed(page: Page): Promise<string[]> {
  await page.keyboard.press("Control+k");
  const options = page.getByRole("dialog", { name: "Commands" }).getByRole("option");
  await expect(options.first()).toBeVisible();
  const labels = await options.evaluateAll((all) =>
    all.map((one) => one.querySelector("[class*=_label_]")?.textContent ?? ""),
  );
  await page.keyboard.press("Escape");
  return labels;
}

/** From each of these one goes on by keys: what is done, and where one is then, is seen. */
const PLACES: Readonly<Record<string, (page: Page) => Promise<void>>> = {
  "the drawing": (page) => command(page, "Alone too"),
  "the outline": async (page) => {
    await command(page, "Open: Outline");
    await expect(page.getByRole("tree")).toBeFocused();
    await page.keyboard.press("End");
  },
};
const EDITS = [
  "Delete",
  "Control+z",
  "Control+Shift+z",
  "Control+z",
  "Control+c",
  "Control+v",
  "Control+d",
  "Control+x",
];
/** What opens over the editor, and what closes it. */
const OVER: readonly (readonly [string, string, ...string[]])[] = [
  ["the commands", "Control+k", "Escape"],
  ["the keys", "?", "Escape"],
  ["the search", "Control+f", "Escape"],
  ["the menu", "Shift+F10", "Escape"],
  ["the menu, twice", "Shift+F10", "ArrowDown", "Escape"],
  ["what follows", "a", "Escape"],
  ["where it leads", "c", "Escape"],
  ["the text", "Enter", "Escape"],
];

for (const [place, go] of Object.entries(PLACES)) {
  test(`in ${place} the keyboard is never lost: edits, undo, paste, and what is closed`, async ({ page }) => {
    await openFresh(page);
    await go(page);
    for (const keys of EDITS) {
      await page.keyboard.press(keys);
      await expectFocusSeen(page, `${keys} in ${place}`);
    }
    for (const [what, ...keys] of OVER) {
      for (const key of keys) {
        await page.keyboard.press(key);
        await expectFocusSeen(page, `${key} of ${what} in ${place}`);
      }
    }
  });
}

test("in menus, fields and dialogs the keyboard is never lost", async ({ page }) => {
  const step = async (what: string, work: () => Promise<unknown>) => {
    await work();
    await expectFocusSeen(page, what);
  };
  const press = (name: string | RegExp, role: "button" | "menuitem" = "button") =>
    step(`pressing ${name}`, async () => {
      await page.getByRole(role, { name }).first().focus();
      await page.keyboard.press("Enter");
    });
  const key = (name: string) =>
    step(name, async () => {
      const over = page.locator(":is([role=menu], [role=dialog])");
      if (name === "Escape") await expect(over.and(page.locator(":focus-within"))).toHaveCount(1);
      await page.keyboard.press(name);
      if (name === "Escape") await expect(over).toHaveCount(0);
    });

  await openFresh(page);
  await command(page, "Which?");
  await command(page, "Open: Edit");
  // An answer is taken away and comes back; so does the step.
  await press(/^Remove ‘One’/);
  await key("Control+z");
  await press("Add an answer");
  await key("Control+z");
  await press("Delete");
  await key("Control+z");
  for (const name of [/^More$/, /^Account of/]) {
    await press(name);
    await key("Escape");
  }
  await press("Close Edit");
  await key("Control+k");
  await key("Escape");

  await visit(page, "/studio/");
  await expect(page.getByRole("heading", { name: "Flows" })).toBeVisible();
  await press("New flow");
  await key("Escape");
  await press("New flow");
  await press("Start from an example", "menuitem");
  await key("Escape");
  await press(/^More for Commands/);
  await press("Rename", "menuitem");
  await key("Escape");
  await press(/^More for Commands/);
  await press("Archive", "menuitem");
  await expect(page.getByText(/is archived/).first()).toBeVisible();
  await expectFocusSeen(page, "archiving a flow");
});
