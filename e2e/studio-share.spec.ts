import type { Page } from "@playwright/test";
import { ATTACKS } from "./support/attacks.js";
import { drawing } from "./support/drawing.js";
import { Gestures } from "./support/gestures.js";
import { command, panelOf } from "./support/screens.js";
import { makeLink, SharedPage } from "./support/share.js";
import { exampleText, expect, listen, makeFlow, openFlow, signIn, test } from "./support/studio.js";

const noted = (page: Page, words: RegExp) => page.getByRole("group", { name: words });

test("a draft is shared in at most eight gestures, talked to and commented on without an account, and ends when it is revoked", async ({
  browser,
  complaints,
  expected,
  server,
}) => {
  // After the link was revoked the reader's page asks once more, and is refused.
  expected.push(/status of 410/);
  const studio = await browser.newContext({ reducedMotion: "reduce", viewport: { width: 1440, height: 900 } });
  await studio.grantPermissions(["clipboard-read", "clipboard-write"]);
  const page = await studio.newPage();
  listen(page, complaints);
  const hands = new Gestures(page, ["press", "key"]);
  await signIn(page, server);
  // Of somebody who has few flows it is in sight; here the tests before have left theirs above it.
  const flow = page.getByRole("link", { name: "Bot assistant", exact: true });
  await flow.scrollIntoViewIfNeeded();
  await hands.press(flow);
  await hands.press(page.getByRole("button", { name: "Share draft…" }));
  const dialog = page.getByRole("dialog", { name: "Share draft" });
  await hands.press(dialog.getByRole("button", { name: "Make a link" }));
  await expect(dialog.getByText(`Only this machine can open ${server.url}.`)).toBeVisible();
  await hands.press(dialog.getByRole("button", { name: "Copy: Link" }));
  await expect(dialog.getByRole("button", { name: "Copy: Link" })).toHaveText("Copied");
  const address = await page.evaluate(() => navigator.clipboard.readText());

  // Somebody else, who has no account: a phone.
  const elsewhere = await browser.newContext({ reducedMotion: "reduce", viewport: { width: 390, height: 844 } });
  const reader = new SharedPage(await elsewhere.newPage());
  listen(reader.page, complaints);
  const asked: string[] = [];
  reader.page.on("request", (request) => asked.push(request.url()));
  await reader.page.goto(address);
  await expect(reader.message("What programming language")).toBeVisible();
  // The login link was followed, and the address pasted and entered.
  expect(hands.made.length + 3, hands.made.join("\n")).toBeLessThanOrEqual(8);
  const right = address.split("#")[1]!;
  expect(asked.filter((url) => url.split("#")[0]!.includes(right))).toEqual([]);
  await expect(reader.page.getByRole("heading", { level: 1 })).toHaveText("Bot assistant");

  // A message is tapped, and what is said about it is a note on its step, where the flow is open.
  await reader.message("Nice to meet you").click();
  await expect(reader.page.getByRole("dialog", { name: "Comment" })).toContainText("outlined");
  await reader.say("Ann", "Friendlier, please.");
  await expect(reader.page.getByRole("button", { name: "1 comment" })).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(dialog).toBeHidden();
  await expect(noted(page, /^Note by Ann \(guest\).*Friendlier/)).toBeVisible();
  await command(page, "Nice to meet you");
  await command(page, "Open: Edit");
  await page.getByRole("region", { name: "Comments" }).getByRole("button", { name: "Resolve" }).click();
  await expect(noted(page, /^Note by Ann \(guest\).*resolved/)).toBeVisible();
  await page.keyboard.press("ControlOrMeta+z");
  await expect(noted(page, /^Note by Ann \(guest\).*resolved/)).toHaveCount(0);

  // What the reader answered is a test of the flow.
  await reader.widget.getByRole("button", { name: "Go", exact: true }).click();
  await reader.widget.getByRole("button", { name: "No", exact: true }).click();
  await expect(reader.message("Great, thanks!")).toBeVisible();
  await reader.page.getByRole("button", { name: "Send conversation" }).click();
  await reader.say("Ann", "");
  await page.getByRole("button", { name: "Share draft…" }).click();
  await dialog.getByRole("button", { name: "Save the conversation of Ann (guest) as a test" }).click();
  await expect(dialog.getByText("It is the test “Go, No” now.")).toBeVisible();

  // The drawing, on a phone too; and nothing of it when the link is revoked.
  await reader.page.getByText("Drawing", { exact: true }).click();
  await expect(drawing(reader.page).locator("[aria-roledescription=step]").first()).toBeVisible();
  await dialog.getByRole("button", { name: /^Revoke: / }).click();
  await dialog.getByRole("button", { name: "Revoke this link" }).click();
  await expect(dialog.getByText("None yet.")).toBeVisible();
  await expect(reader.page.getByRole("heading", { name: "This link is over" })).toBeVisible();
  await expect(reader.page.locator("iframe")).toHaveCount(0);
  await Promise.all([studio.close(), elsewhere.close()]);
});

test("a link that others can open has a QR code, and what is edited comes to its reader", async ({ page, another }) => {
  const flow = await makeFlow(page, exampleText("bot-assistant"));
  await openFlow(page, flow);
  await page.route(/\/links$/, async (route) => {
    if (route.request().method() !== "POST") return route.fallback();
    const answer = await route.fetch();
    return route.fulfill({ response: answer, json: { ...(await answer.json()), loopback: false } });
  });
  await command(page, "Share draft");
  const dialog = page.getByRole("dialog", { name: "Share draft" });
  await dialog.getByRole("button", { name: "Make a link" }).click();
  await expect(dialog.getByRole("img", { name: /^QR code/ })).toBeVisible();
  const address = await dialog.getByRole("region", { name: "Link", exact: true }).textContent();

  const reader = new SharedPage(await (await another()).newPage());
  await reader.page.goto(address!);
  await expect(reader.message("Nice to meet you")).toBeVisible();
  await page.keyboard.press("Escape");
  await command(page, "Nice to meet you");
  await command(page, "Edit the text");
  await page.keyboard.press("ControlOrMeta+a");
  await page.keyboard.type("Edited for the reader.");
  await expect(reader.message("Edited for the reader.")).toBeVisible();
  await expect(drawing(reader.page).getByText("Edited for the reader.")).toBeVisible();
});

test("texts that attack, as comment, author, title or flow, do nothing on any screen", async ({ page, another }) => {
  const ran: string[] = [];
  const watch = (one: Page) => {
    one.on("dialog", (dialog) => ran.push(dialog.message()));
    one.on("popup", () => ran.push("a window"));
  };
  watch(page);
  const texts = comments();
  const said = (content: string, next?: string) => ({
    sendRequest: { kind: "BotText", content },
    ...(next && { next }),
  });
  const [title = "", ...rest] = ATTACKS.filter((text) => text.length <= 100);
  const flow = await makeFlow(
    page,
    JSON.stringify({ a: said(rest[0] ?? "", "b"), b: said(rest[1] ?? "", "c"), c: said("The end") }),
  );
  await page.request.patch(`/api/flows/${flow}`, { headers: { Origin: new URL(page.url()).origin }, data: { title } });
  const address = await makeLink(page, flow);
  const reader = new SharedPage(await (await another()).newPage());
  watch(reader.page);
  await reader.page.goto(address);
  await expect(reader.message("The end")).toBeVisible();
  await expect(reader.page.getByRole("heading", { level: 1 })).toHaveText(title);
  for (const [n, text] of texts.entries()) {
    await reader.message("The end").click();
    await reader.say(rest[n + 2] ?? "", text);
  }
  await reader.page.getByRole("button", { name: "Send conversation" }).click();
  await reader.say(rest.at(-1) ?? "", "");
  await reader.page.getByRole("button", { name: `${texts.length} comments` }).click();
  const list = reader.page.getByRole("list", { name: "Comments" }).getByRole("listitem");
  await expect(list).toHaveCount(texts.length);
  expect(await strangers(reader.page)).toEqual([]);

  await openFlow(page, flow);
  await expect(drawing(page).locator("[aria-roledescription=step]").first()).toBeVisible();
  await expect(page.getByLabel("Laying out")).toBeHidden();
  await command(page, "See everything");
  await expect(page.getByRole("group", { name: /^Note by/ })).toHaveCount(texts.length);
  await command(page, "The end");
  for (const panel of ["Outline", "Edit"]) await command(page, `Open: ${panel}`);
  await expect(panelOf(page, "Edit").getByRole("region", { name: "Comments" }).getByText(texts[0]!)).toBeVisible();
  await command(page, "Share draft");
  await expect(page.getByRole("list", { name: "Conversations from readers" })).toBeVisible();
  expect(await strangers(page)).toEqual([]);
  expect(ran).toEqual([]);
});

/** The whole corpus in few comments: a minute takes ten. */
function comments(): string[] {
  const all: string[] = [""];
  for (const text of ATTACKS.map((one) => one.slice(0, 300))) {
    if (`${all.at(-1)}\n${text}`.length > 2_000) all.push(text);
    else all[all.length - 1] += `\n${text}`;
  }
  return all.map((text) => text.trim());
}

/** What no screen of ours has, so that it came from a text. */
const strangers = (page: Page): Promise<string[]> =>
  page.evaluate(() =>
    [
      ...document.querySelectorAll(
        "script:not([src]), object, embed, marquee, math, form[action], [onerror], [onload], [onclick]",
      ),
    ]
      .concat([...document.querySelectorAll("iframe:not([src^='/preview']), a[href^='javascript:' i], img[src='x']")])
      .map(({ outerHTML }) => outerHTML.slice(0, 200)),
  );
