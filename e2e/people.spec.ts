import type { Locator, Page } from "@playwright/test";
import { logOf } from "./support/conversation.js";
import { startServer } from "./support/server.js";
import { expect, listen, signIn, test } from "./support/studio.js";

const choice = (question: string, groupId: string, ...texts: string[]) => ({
  sendRequest: {
    kind: "ChoiceRequest",
    groupId,
    question,
    choices: texts.map((content) => ({ itemId: content.toLowerCase(), content })),
  },
});
const chosen = (groupId: string, itemId: string, next: string) => ({
  matchResponse: { kind: "ChoiceResponse", groupId, itemId },
  next,
});
const ended = (outcome: string, next: string) => ({
  matchResponse: { kind: "HandOffResult", handOffId: "help", outcome },
  next,
});
const says = (content: string) => ({ sendRequest: { kind: "BotText", content } });
const FLOW = {
  ask: choice("What is it about?", "topic", "Order", "Return"),
  order: chosen("topic", "order", "person"),
  return: chosen("topic", "return", "label"),
  label: choice("Do you have the label?", "label", "Yes", "No"),
  labelled: chosen("label", "yes", "fine"),
  lost: chosen("label", "no", "person"),
  fine: says("Then send it back"),
  person: { sendRequest: { kind: "HandOff", handOffId: "help", queue: "Shop", content: "One moment please" } },
  closed: ended("closed", "bye"),
  nobody: ended("unavailable", "sorry"),
  bye: choice("Was that all?", "all", "All"),
  all: chosen("all", "all", "thanks"),
  thanks: says("Thank you"),
  sorry: says("Nobody is there"),
};

/** What is only said when the server is away. */
const AWAY = /ERR_CONNECTION|ERR_EMPTY_RESPONSE|WebSocket|status of 50[23]|Failed to fetch/;

test("two people and two visitors: by the flow and by hand, one race, one server killed, back to the bot, each text once", async ({
  browser,
  complaints,
  expected,
}) => {
  expected.push(AWAY);
  let server = await startServer({ args: ["--limits", "off"] });
  const headers = { origin: new URL(server.url).origin };
  const wide = { baseURL: server.url, viewport: { width: 1440, height: 900 }, reducedMotion: "reduce" } as const;
  const ada = await (await browser.newContext(wide)).newPage();
  await signIn(ada, server);
  const text = JSON.stringify(FLOW);
  await ada.request.post("/api/flows", { headers, data: { id: "shop", from: { kind: "file", text } } });
  const data = { from: { kind: "file", text }, over: 0, note: "" };
  const published = await ada.request.post("/api/flows/shop/versions", { headers, data });
  expect(published.ok(), await published.text()).toBe(true);
  const password = "long enough it is";
  await ada.request.post("/api/users", { headers, data: { name: "Bob", role: "operator", password } });
  const bobs = await browser.newContext(wide);
  await bobs.request.post("/api/session", { headers, data: { name: "Bob", password } });
  const bob = await bobs.newPage();
  for (const one of [ada, bob]) listen(one, complaints);
  await Promise.all([ada, bob].map((one) => one.goto("/studio/inbox")));
  await Promise.all([ada, bob].map((one) => one.getByRole("switch", { name: "I am available" }).check()));

  const visit = async () => {
    const context = await browser.newContext({ viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true });
    const page = await context.newPage();
    await page.goto(`${server.url}c/shop`);
    await expect(logOf(page)).toContainText("What is it about?");
    return page;
  };
  const [eve, tom] = [await visit(), await visit()];

  // Eve is handed over by the flow. Both press Take: one has her, the other is told who.
  await eve.getByRole("button", { name: "Order" }).click();
  const waiting = (who: Page) => who.getByRole("list", { name: "Waiting conversations" });
  const take = (who: Page) => who.getByRole("button", { name: "Take", exact: true });
  for (const who of [ada, bob]) {
    await waiting(who).getByRole("button").first().click();
    await expect(take(who)).toBeVisible();
  }
  await Promise.all([take(ada).click(), take(bob).click()]);
  const field = (who: Page) => who.getByRole("textbox", { name: "Write to the visitor" });
  const takeFrom = (who: Page) => who.getByRole("button", { name: /^Take it from/ });
  await expect(field(ada).or(takeFrom(ada))).toBeVisible();
  await expect(field(bob).or(takeFrom(bob))).toBeVisible();
  const adaHasHer = await field(ada).isVisible();
  const [first, second] = adaHasHer ? [ada, bob] : [bob, ada];
  await expect(takeFrom(second)).toBeVisible();

  // Tom is with the bot, in the middle of its flow; the second takes him by hand.
  await tom.getByRole("button", { name: "Return" }).click();
  await expect(logOf(tom)).toContainText("Do you have the label?");
  await second.goto("/studio/conversations");
  await second.getByRole("list", { name: "Conversations" }).getByRole("link", { name: "Return" }).click();
  await second.getByRole("button", { name: "Take over" }).click();
  await expect(field(second)).toBeFocused();

  const say = async (who: Page, what: string) => {
    await field(who).fill(what);
    await field(who).press("Enter");
  };
  const write = async (visitor: Page, what: string) => {
    const editor = visitor.getByRole("textbox");
    await editor.fill(what);
    await editor.press("Enter");
  };
  const said = (who: Page) => who.getByRole("list", { name: "What was said" });
  await say(first, "Hello Eve");
  await write(eve, "Where is it?");
  await say(second, "Hello Tom");
  await write(tom, "Which label?");
  await expect(said(first)).toContainText("Where is it?");
  await expect(said(second)).toContainText("Which label?");

  // Killed while everybody writes: what was on its way arrives when the server is back, once.
  const hisScreen = second.url();
  await server.stop("SIGKILL");
  await write(eve, "I wait since Monday");
  await write(tom, "The red one?");
  await say(first, "I am looking");
  server = await startServer({ args: ["--limits", "off"], port: new URL(server.url).port, dataDir: server.dataDir });
  await expect(logOf(eve)).toContainText("I am looking");
  await expect(said(first)).toContainText("I wait since Monday");
  await expect(said(second)).toContainText("The red one?");
  await say(second, "The red one");
  await expect(logOf(tom)).toContainText("The red one");

  // Tom goes back to the bot, which asks again what was open, and goes on from there.
  await second.getByRole("button", { name: "Give back to the bot" }).click();
  await logOf(tom).getByRole("button", { name: "Yes", disabled: false }).click();
  await expect(logOf(tom)).toContainText("Then send it back");
  await expect(said(second)).toContainText("Then send it back");

  // Eve is passed on, and the flow goes on where it follows from the person's end.
  await second.goto("/studio/inbox");
  await first.getByRole("button", { name: "Pass on…" }).click();
  await first.getByRole("menuitem", { name: adaHasHer ? /^Bob/ : /^Owner/ }).click();
  await second.getByText(/^Mine/).first().click();
  await second.getByRole("list", { name: "My conversations" }).getByRole("button").first().click();
  await say(second, "It is on the van");
  await expect(logOf(eve)).toContainText("It is on the van");
  await second.getByRole("button", { name: "Give back to the bot" }).click();
  await eve.getByRole("button", { name: "All", exact: true }).click();
  await expect(logOf(eve)).toContainText("Thank you");
  await expect(said(second)).toContainText("Thank you");

  // Nothing lost, doubled or out of order on any screen.
  const hers = [
    "Hello Eve",
    "Where is it?",
    "I wait since Monday",
    "I am looking",
    "It is on the van",
    "Was that all?",
  ];
  const his = ["Hello Tom", "Which label?", "The red one?", "The red one", "Then send it back"];
  await first.goto(hisScreen);
  await expect(said(first)).toContainText("Then send it back");
  for (const [visitor, person, texts] of [
    [eve, second, hers],
    [tom, first, his],
  ] as const) {
    const [one, two] = await Promise.all([linesOf(logOf(visitor), texts), linesOf(said(person), texts)]);
    expect(one).toEqual(two);
    // What two sides wrote while the server was away may stand either way, on all screens alike.
    expect([...one].sort()).toEqual([...texts].sort());
    expect([one[0], one.at(-1)]).toEqual([texts[0], texts.at(-1)]);
  }
  await server.stop("SIGKILL");
});

/** Those lines of what is shown that are one of these texts, in their order. */
async function linesOf(place: Locator, texts: readonly string[]): Promise<string[]> {
  const lines = (await place.allInnerTexts())
    .join("\n")
    .split("\n")
    .map((line) => line.trim());
  return lines.filter((line) => texts.includes(line));
}
