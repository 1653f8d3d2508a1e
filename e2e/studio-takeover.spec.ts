import { AxeBuilder } from "@axe-core/playwright";
import { logOf } from "./support/conversation.js";
import { expect, listen, test } from "./support/studio.js";

// The list of conversations has this visitor's alone.
test.use({ only: "studio-takeover" });

test("a conversation is taken over from the bot, by another person, and given back where it was", async ({
  page,
  complaints,
  browser,
  server,
}) => {
  const phone = await browser.newContext({ viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true });
  const visitor = await phone.newPage();
  await visitor.goto(`${server.url}c/bot-assistant`);
  await visitor.getByRole("button", { name: "Other" }).click();
  const field = visitor.getByRole("textbox");
  await field.fill("Zig?");

  await page.goto("/studio/conversations");
  await page.getByRole("list", { name: "Conversations" }).getByRole("link").first().click();
  const said = page.getByRole("list", { name: "What was said" });
  await page.getByRole("button", { name: "Take over" }).click();
  const mine = page.getByRole("textbox", { name: "Write to the visitor" });
  await expect(mine).toBeFocused();
  await expect(logOf(visitor)).toContainText("Owner has joined");
  const theDots = logOf(visitor).getByText("Owner is typing");
  await mine.fill("Hello, a <b>person</b> here");
  await expect(theDots).toBeVisible();
  await mine.press("Enter");
  await expect(mine).toHaveValue("");
  await expect(said).toContainText("Hello, a <b>person</b> here");
  await expect(logOf(visitor)).toContainText("Hello, a <b>person</b> here");
  await expect(theDots).toBeHidden();
  await field.fill("Oh, good to have you");
  await expect(page.getByText("The visitor is typing…")).toBeVisible();
  await field.press("Enter");
  await expect(said).toContainText("Oh, good to have you");
  // A saved reply is found by what it says, taken and sent by the keyboard alone.
  const headers = { origin: new URL(server.url).origin };
  const reply = { title: "Languages", text: "We teach 12 languages." };
  await page.request.post("/api/replies", { headers, data: reply });
  await mine.fill("/teach");
  await expect(page.getByRole("option", { name: "Languages", selected: true })).toBeVisible();
  expect((await new AxeBuilder({ page }).analyze()).violations.map(({ id }) => id)).toEqual([]);
  await mine.press("Enter");
  await expect(mine).toHaveValue(reply.text);
  await mine.press("Enter");
  await expect(logOf(visitor)).toContainText(reply.text);

  // Somebody else takes it: the first is told, and what he had typed is still there to be copied.
  const password = "long enough it is";
  await page.request.post("/api/users", { headers, data: { name: "Bob", role: "operator", password } });
  const other = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  await other.request.post(`${server.url}api/session`, { headers, data: { name: "Bob", password } });
  await other.request.put(`${server.url}api/profile`, { headers, data: { name: "Bob from the shop" } });
  const bob = await other.newPage();
  listen(bob, complaints);
  await bob.goto(`${server.url}studio/settings/you`);
  const chosen = bob.waitForEvent("filechooser");
  await bob.getByRole("button", { name: "Upload a picture…" }).click();
  await (await chosen).setFiles({ name: "bob.png", mimeType: "image/png", buffer: await page.screenshot() });
  await expect(bob.getByRole("button", { name: "No picture" })).toBeEnabled();
  await bob.goto(page.url());
  await mine.fill("Let me look");
  await bob.getByRole("button", { name: /^Take it from/ }).click();
  await expect(page.getByText("Bob from the shop answers this visitor.")).toBeVisible();
  // What they note to each other both see, and no visitor.
  await bob.getByRole("button", { name: "Add a note" }).click();
  await bob.getByRole("textbox", { name: "A note for your colleagues" }).fill("Asks for Zig, again");
  await bob.getByRole("button", { name: "Save the note" }).click();
  await expect(page.getByRole("region", { name: "Notes" })).toContainText("Asks for Zig, again");
  await bob.getByRole("textbox", { name: "Write to the visitor" }).fill("Bob here now");
  await bob.getByRole("button", { name: "Send" }).click();
  await expect(logOf(visitor)).toContainText("Bob here now");
  const face = logOf(visitor).locator(".who[src]");
  await expect.poll(() => face.evaluate((image: HTMLImageElement) => image.naturalWidth)).toBeGreaterThan(0);

  // What somebody has may be mended all the same: it goes on at the step that is clicked.
  await page
    .getByRole("application", { name: /as a drawing/ })
    .getByText("What programming language")
    .click();
  await page.getByRole("button", { name: "Mend this conversation" }).click();
  await page.getByRole("menuitem", { name: /^Go on at “What programming/ }).click();
  await page.getByRole("textbox", { name: "Why" }).fill("Wrong turn");
  await page.getByRole("button", { name: "Go on there" }).click();
  await expect(page.getByText("The bot answers this visitor.")).toBeVisible();
  await expect(said).toContainText("Owner went on at another step: Wrong turn");
  await visitor.getByRole("button", { name: "Other" }).click();
  await bob.getByRole("button", { name: "Take over" }).click();
  await bob.getByRole("button", { name: "Give back to the bot" }).click();
  await expect(bob.getByText("The bot answers this visitor.")).toBeVisible();
  await expect(logOf(visitor)).toContainText("Bob from the shop has left");
  await expect(logOf(visitor)).not.toContainText("again");
  await field.fill("Zig");
  await field.press("Enter");
  await visitor.getByRole("button", { name: "No" }).click();
  await expect(logOf(visitor)).toContainText("Great, thanks!");
  await expect(said).toContainText("Great, thanks!");
  await phone.close();
  await other.close();
});
