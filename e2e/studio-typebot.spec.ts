import { type FlowFile, fileOf, say } from "./support/flow-file.js";
import { TYPEBOT } from "./support/screens.js";
import { expect, exportedFile, makeFlow, openFlow, test } from "./support/studio.js";

test("an export of Typebot is shown as what it would become, and opened with its groups and notes", async ({
  page,
}) => {
  // Pictures of elsewhere stay there.
  await page.route("https://workshop.example/**", (route) => route.fulfill({ status: 204 }));
  await page.setViewportSize({ width: 390, height: 844 });
  const dialog = page.getByRole("dialog", { name: "From Typebot" });
  const file = page.locator("input[type=file]").first();
  await file.setInputFiles(TYPEBOT);
  await expect(dialog).toContainText("workshop-6.1.json becomes 11 steps and 4 notes.");
  await expect(dialog.getByRole("list", { name: "Notes (4)" }).getByRole("listitem")).toContainText([
    /Set variable.*Class/,
    /Condition.*Code.*If Name equal to “Ada” → “Only for Ada”/,
    /Webhook.*Mail/,
    /Wait.*Furniture/,
  ]);
  await expect(dialog.getByRole("listitem").filter({ hasText: "Email input → Ask for text" })).toContainText(
    "It took only an email address; here it takes any text.",
  );
  // Not taken, it is as if nothing had been.
  await dialog.getByRole("button", { name: "Cancel" }).click();
  await expect(dialog).toBeHidden();
  await expect(page).toHaveURL(/\/studio\/$/);

  await file.setInputFiles(TYPEBOT);
  await dialog.getByRole("button", { name: "Open it" }).click();
  await expect(page.getByRole("application", { name: /as a drawing/ })).toBeVisible();
  await expect(dialog).toBeHidden();
  const flow = new URL(page.url()).pathname.split("/").at(-1)!;
  const states = Object.keys(JSON.parse(await exportedFile(page, flow)) as FlowFile);
  expect(states[0]).toBe("hiThisIsThe");
  const { layout, settings } = (await (await page.request.get(`/api/flows/${flow}/draft`)).json()) as {
    layout: { groups: { title: string }[]; notes: unknown[] };
    settings: { title: string };
  };
  expect(layout.groups.map(({ title }) => title)).toContain("Furniture");
  expect([layout.notes.length, settings.title]).toEqual([4, "Workshop"]);
  await expect(page.getByRole("group", { name: "Group Hello, 3 steps" })).toBeAttached();

  // In place of a flow that is open, too.
  await page.setViewportSize({ width: 1440, height: 900 });
  const other = await makeFlow(page, fileOf({ hello: say("Hello there") }));
  await openFlow(page, other);
  const chooser = page.waitForEvent("filechooser");
  await page.keyboard.press("ControlOrMeta+k");
  await page.getByRole("dialog").getByRole("combobox").fill("Open a file here");
  await page.keyboard.press("Enter");
  await (await chooser).setFiles(TYPEBOT);
  await dialog.getByRole("button", { name: "Open it" }).click();
  await expect(page.getByRole("group", { name: "Group Hello, 3 steps" })).toBeAttached();
  await expect.poll(() => exportedFile(page, other)).toContain("hiThisIsThe");
});
