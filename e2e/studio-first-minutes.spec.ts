import type { Browser, FrameLocator, Page } from "@playwright/test";
import { drawing } from "./support/drawing.js";
import { Gestures } from "./support/gestures.js";
import { PreviewPane } from "./support/preview.js";
import type { Server } from "./support/server.js";
import { type Complaints, expect, listen, signIn, test } from "./support/studio.js";

// A server with the one flow that it is started with: what somebody new finds.
test.use({ only: "first minutes", viewport: { width: 1440, height: 900 } });

/** From the link to the first answer; opening the link is one of them. */
const MOST = 4;

/** Somebody who has nothing but a fresh login link, and opens it: the first gesture. */
async function newcomer(browser: Browser, server: Server, complaints: Complaints): Promise<Page> {
  const page = await (await browser.newContext({ reducedMotion: "reduce" })).newPage();
  listen(page, complaints);
  await signIn(page, server);
  return page;
}

const door = (page: Page, name: string) => page.getByRole("main").getByRole("button", { name: new RegExp(`^${name}`) });
const example = (page: Page): FrameLocator => page.getByRole("dialog").frameLocator("iframe");
const flowsOf = async (page: Page): Promise<string[]> =>
  (await (await page.request.get("/api/flows")).json()).flows.map(({ id }: { id: string }) => id);

test("from the login link to the first answer in the preview of an example", async ({
  browser,
  server,
  complaints,
}) => {
  const page = await newcomer(browser, server, complaints);
  const hands = new Gestures(page, ["press"]);
  await hands.press(door(page, "Start from an example"));
  await hands.press(page.getByRole("dialog").getByRole("button", { name: "Use this example" }));
  await expect(page).toHaveURL(/\/studio\/f\/[^/]+$/);
  const preview = new PreviewPane(page);
  await hands.press(preview.widget.getByRole("button", { name: "Beard trim", exact: true }));
  await expect(preview.message("Beard trim: on which day")).toBeVisible();
  expect(1 + hands.made.length, hands.made.join("\n")).toBeLessThanOrEqual(MOST);

  // With its drawing, its settings and its tests.
  await expect(drawing(page).getByRole("group", { name: /^Note: What to change first/ })).toBeVisible();
  const flow = new URL(page.url()).pathname.split("/").at(-1)!;
  const draft = await (await page.request.get(`/api/flows/${flow}/draft`)).json();
  expect(draft.settings).toMatchObject({ title: "Studio Maren", appearance: { color: "#6b2f6b" } });
  const { tests } = await (await page.request.get(`/api/flows/${flow}/tests`)).json();
  expect(tests.map(({ name }: { name: string }) => name)).toEqual(["books-a-cut", "changes-mind"]);
  await page.request.post(`/api/flows/${flow}/archive`, { headers: { Origin: new URL(page.url()).origin } });
  await page.context().close();
});

test("an example is played before it is taken, and leaves nothing behind", async ({ browser, server, complaints }) => {
  const page = await newcomer(browser, server, complaints);
  const hands = new Gestures(page, ["press", "key"]);
  const before = await flowsOf(page);
  await hands.press(door(page, "Start from an example"));
  await hands.press(page.getByRole("button", { name: "Sign up for an event" }));
  await hands.press(example(page).getByRole("button", { name: "Mend your bicycle" }));
  await expect(example(page).getByText("Please bring the bicycle along")).toBeVisible();
  expect(1 + hands.made.length, hands.made.join("\n")).toBeLessThanOrEqual(MOST);

  await hands.press(page.getByRole("button", { name: "Start the example over" }));
  await expect(example(page).getByRole("button", { name: "Mend your bicycle" })).toBeVisible();
  await expect(example(page).getByText("Please bring the bicycle along")).toHaveCount(0);
  // By keyboard alone as well.
  await page.getByRole("button", { name: "Answer common questions" }).focus();
  await hands.key("Enter");
  await expect(example(page).getByRole("button", { name: "Opening hours" })).toBeVisible();
  await hands.key("Escape");
  await expect(page.getByRole("dialog")).toHaveCount(0);
  await expect(door(page, "Start from an example")).toBeFocused();
  expect(await flowsOf(page)).toEqual(before);
  await page.context().close();
});

test("what is written first is a message, and is said beside it at once", async ({ page }) => {
  await door(page, "Write").click();
  await expect(page.getByRole("textbox", { name: "Text", exact: true })).toBeFocused();
  await page.keyboard.type("Welcome to the mill");
  await expect(new PreviewPane(page).message("Welcome to the mill")).toBeVisible();
  await expect(drawing(page)).toBeVisible();
  await expect(page.getByRole("dialog")).toHaveCount(0);
});

test.describe("on a phone", () => {
  test.use({ viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true });

  test("an example is played with a finger, and its list is found again", async ({ browser, server, complaints }) => {
    const page = await newcomer(browser, server, complaints);
    const hands = new Gestures(page, ["tap"]);
    await hands.tap(door(page, "Start from an example"));
    await hands.tap(page.getByRole("button", { name: "A quiz for the first day" }));
    await hands.tap(example(page).getByRole("button", { name: "Yes, let us begin" }));
    await expect(example(page).getByText("My brakes squeak")).toBeVisible();
    expect(1 + hands.made.length, hands.made.join("\n")).toBeLessThanOrEqual(MOST);
    await hands.tap(page.getByRole("button", { name: "Back to the examples" }));
    await expect(page.getByRole("button", { name: "A quiz for the first day" })).toBeFocused();
    await page.context().close();
  });
});
