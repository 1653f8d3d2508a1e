import { AxeBuilder } from "@axe-core/playwright";
import { logOf } from "./support/conversation.js";
import { expect, listen, test } from "./support/studio.js";

// The inbox has this spec's visitors alone.
test.use({ only: "studio-inbox" });

const outcome = (name: string, next: string) => ({
  matchResponse: { kind: "HandOffResult", handOffId: "help", outcome: name },
  next,
});
const FLOW = {
  ask: {
    sendRequest: {
      kind: "ChoiceRequest",
      groupId: "g",
      question: "Need help?",
      choices: [{ itemId: "y", content: "Yes" }],
    },
  },
  yes: { matchResponse: { kind: "ChoiceResponse", groupId: "g", itemId: "y" }, next: "person" },
  person: { sendRequest: { kind: "HandOff", handOffId: "help", queue: "Sales", content: "One moment please" } },
  done: outcome("closed", "bye"),
  nobody: outcome("unavailable", "sorry"),
  bye: { sendRequest: { kind: "BotText", content: "Anything else, just ask" } },
  sorry: { sendRequest: { kind: "BotText", content: "Nobody is there" } },
};

test("two people share an inbox: one takes what waits, answers, passes it on, and it goes back to the bot", async ({
  page,
  complaints,
  expected,
  browser,
  server,
}) => {
  expected.push(/ERR_FAILED/);
  const headers = { origin: new URL(server.url).origin };
  const text = JSON.stringify(FLOW);
  await page.request.post("/api/flows", { headers, data: { id: "desk", from: { kind: "file", text } } });
  const published = await page.request.post("/api/flows/desk/versions", {
    headers,
    data: { from: { kind: "file", text }, over: 0, note: "" },
  });
  expect(published.ok(), await published.text()).toBe(true);
  const password = "long enough it is";
  await page.request.post("/api/users", { headers, data: { name: "Bob", role: "operator", password } });
  const other = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  await other.request.post(`${server.url}api/session`, { headers, data: { name: "Bob", password } });
  const bob = await other.newPage();
  listen(bob, complaints);
  // Who only answers comes in at the inbox.
  await bob.goto(`${server.url}studio/`);
  await bob.waitForURL(/\/studio\/inbox$/);
  await page.goto("/studio/inbox");
  await page.getByRole("switch", { name: "I am available" }).check();

  const phone = await browser.newContext({ viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true });
  const visitor = await phone.newPage();
  await visitor.goto(`${server.url}c/desk`);
  await visitor.getByRole("button", { name: "Yes" }).click();
  const waiting = (who: typeof page) => who.getByRole("list", { name: "Waiting conversations" });
  await expect(waiting(page)).toContainText("Sales");
  await expect(page).toHaveTitle(/^\(1\) Inbox/);
  await waiting(bob).getByRole("button").first().click();
  await bob.getByRole("button", { name: "Take", exact: true }).waitFor();

  // By keyboard: the next one that waits, and it is mine.
  await page.keyboard.press("n");
  await expect(page.getByRole("button", { name: "Take", exact: true })).toBeVisible();
  await page.keyboard.press("t");
  const field = page.getByRole("textbox", { name: "Write to the visitor" });
  await expect(field).toBeFocused();
  await expect(bob.getByRole("button", { name: "Take it from Owner" })).toBeVisible();
  await field.fill("Hello <b>there</b>");
  await field.press("Enter");
  await expect(logOf(visitor)).toContainText("Hello <b>there</b>");
  const editor = visitor.getByRole("textbox");
  await editor.fill("My order is late");
  await editor.press("Enter");
  await expect(page.getByRole("list", { name: "What was said" })).toContainText("My order is late");
  await expect(page.getByRole("list", { name: "My conversations" })).toContainText("My order is late");
  await expect(page.getByRole("complementary", { name: "The visitor" })).toContainText("Need help?");
  expect((await new AxeBuilder({ page }).analyze()).violations.map(({ id }) => id)).toEqual([]);

  // What the log knows of it is one press away.
  await page.getByRole("button", { name: "How this conversation stands" }).click();
  const doctor = page.getByRole("dialog", { name: "How this conversation stands" });
  await expect(doctor).toContainText("A hand-over to a person, “One moment please”");
  await expect(doctor.getByRole("row").filter({ hasText: "Took over" })).toContainText("Owner");
  await page.keyboard.press("Escape");
  await expect(doctor).toBeHidden();

  // While nothing reaches the server a text waits; the tab is loaded again, and it is said once.
  const deeds = "**/api/flows/desk/conversations/*/deeds";
  await page.route(deeds, (route) => route.abort());
  await field.fill("I am looking into it");
  await field.press("Enter");
  await expect(page.getByRole("list", { name: "On their way" })).toContainText("Not sent yet");
  await page.unroute(deeds);
  await page.reload();
  await page.getByText("Mine", { exact: false }).first().click();
  await page.getByRole("list", { name: "My conversations" }).getByRole("button").first().click();
  await expect(logOf(visitor)).toContainText("I am looking into it");
  await expect(page.getByRole("list", { name: "What was said" }).getByText("I am looking into it")).toHaveCount(1);

  await page.getByRole("button", { name: "Pass on…" }).click();
  await page.getByRole("menuitem", { name: /^Bob/ }).click();
  await expect(page.getByText("Bob answers this visitor.")).toBeVisible();
  await bob.getByRole("textbox", { name: "Write to the visitor" }).fill("Bob here");
  await bob.getByRole("button", { name: "Send" }).click();
  await expect(logOf(visitor)).toContainText("Bob here");
  await bob.getByRole("button", { name: "Give back to the bot" }).click();
  await expect(logOf(visitor)).toContainText("Anything else, just ask");
  await expect(page.getByText("No conversation is with a person")).toHaveCount(0);
  await page.getByText("All", { exact: true }).click();
  await expect(page.getByText("No conversation is with a person or waits for one.")).toBeVisible();
  await phone.close();
  await other.close();
});
