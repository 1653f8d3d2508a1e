import { readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { Page } from "@playwright/test";
import { box, card, counts, drawing, seeAll, turnTo } from "./support/drawing.js";
import { type Counts, countsOf } from "./support/flow-counts.js";
import { draftOf, type FlowFile, fileOf } from "./support/flow-file.js";
import { generatedFlow } from "./support/generated-flow.js";
import { expectGoodLayout, readDrawing } from "./support/layout.js";
import { exampleText, expect, makeFlow, openFlow, test } from "./support/studio.js";

test.use({ actionTimeout: 10_000 });

const FLOWS = fileURLToPath(new URL("../flows", import.meta.url));
const examples = readdirSync(FLOWS).flatMap((file) => /^([^.]+)\.json$/.exec(file)?.[1] ?? []);

/** Waits until as much is drawn as is in the file. */
async function drawn(page: Page, expected: Counts): Promise<void> {
  await expect(() =>
    seeAll(page)
      .then(() => counts(page))
      .then((now) => expect(now).toEqual(expected)),
  ).toPass({
    intervals: [100, 200, 400],
    timeout: 15_000,
  });
}

/** As the flow is opened: at 100 %, the start at the left and seen whole. */
async function startIsSeen(page: Page): Promise<void> {
  const canvas = await box(drawing(page));
  const start = await box(drawing(page).locator('[aria-label*="the conversation starts here"]'));
  await expect(drawing(page).getByText("100 %", { exact: true })).toBeVisible();
  expect(start.x).toBeGreaterThanOrEqual(canvas.x);
  expect(start.x).toBeLessThan(canvas.x + canvas.width / 3);
  expect(start.y).toBeGreaterThanOrEqual(canvas.y);
  expect(start.x + start.width).toBeLessThanOrEqual(canvas.x + canvas.width);
  expect(start.y + start.height).toBeLessThanOrEqual(canvas.y + canvas.height);
}

test("the reference flow is 5 cards and 7 edges", () => {
  expect(countsOf(JSON.parse(exampleText("bot-assistant"))).steps).toEqual({ cards: 5, ways: 7, implied: 0 });
});

for (const name of examples) {
  test(`${name} is drawn whole in both views, and laid out well in each`, async ({ page }) => {
    const text = exampleText(name);
    const flow = JSON.parse(text) as FlowFile;
    await openFlow(page, await makeFlow(page, text));
    const wanted = countsOf(flow);
    await startIsSeen(page);
    await drawn(page, wanted.steps);
    // Each answer has its place on its card.
    const answers = Object.values(flow).reduce((sum, { sendRequest }) => sum + (sendRequest?.choices?.length ?? 0), 0);
    await expect(drawing(page).locator('[data-handleid^="answer:"]')).toHaveCount(answers);
    expectGoodLayout(await readDrawing(page));

    await turnTo(page, "states");
    await drawn(page, wanted.states);
    const { cards } = await readDrawing(page);
    expect(cards.size).toBe(Object.keys(flow).length);
    expectGoodLayout(await readDrawing(page));
    await turnTo(page, "steps");
    await drawn(page, wanted.steps);
  });
}

for (const [seed, steps] of [
  [1, 12],
  [2, 40],
  [3, 60],
] as const) {
  test(`a generated flow of ${steps} steps is laid out well, and tidied up from a heap`, async ({ page }) => {
    const file = generatedFlow(seed, steps);
    const id = await makeFlow(page, fileOf(file));
    await openFlow(page, id);
    const wanted = countsOf(file);
    await startIsSeen(page);
    await drawn(page, wanted.steps);
    expectGoodLayout(await readDrawing(page));

    // All on one heap.
    const { settings, flow } = await draftOf(page, id);
    const positions = Object.fromEntries(Object.keys(file).map((name, i) => [name, { x: i * 3, y: i * 2 }]));
    await put(page, id, { flow, settings, layout: { positions } });
    await page.reload();
    await drawn(page, wanted.steps);
    await drawing(page).focus();
    await page.keyboard.press("Shift+Alt+t");
    await expect(async () => {
      await seeAll(page);
      expectGoodLayout(await readDrawing(page));
    }).toPass({ intervals: [100, 200, 400], timeout: 15_000 });
    await page.getByRole("button", { name: "Undo", exact: true }).click();
    await expect.poll(async () => (await draftOf(page, id)).layout).toEqual({ positions });
  });
}

async function put(page: Page, flow: string, body: Record<string, unknown>): Promise<void> {
  const path = `/api/flows/${flow}/draft`;
  const etag = (await page.request.get(path)).headers().etag!;
  const headers = { Origin: new URL(page.url()).origin, "If-Match": etag };
  const answer = await page.request.put(path, { headers, data: body });
  expect(answer.status(), await answer.text()).toBe(200);
}

test("some steps are tidied up where they are, and the others stay", async ({ page }) => {
  const id = await makeFlow(page, exampleText("bot-assistant"));
  const { settings, flow } = await draftOf(page, id);
  const positions = {
    greetings: { x: 0, y: 0 },
    langChoices: { x: 40, y: 500 },
    startLangPrefSession: { x: 60, y: 520 },
    anyOtherChoices: { x: 80, y: 540 },
    done: { x: 900, y: 0 },
  };
  await put(page, id, { flow, settings, layout: { positions } });
  await openFlow(page, id);
  await seeAll(page);
  const before = await readDrawing(page);
  await drawing(page).focus();
  await page.keyboard.press("Control+a");
  await card(page, "Hi, I'm Bot!").click({ modifiers: ["Control"] });
  await card(page, "What programming language").click({ button: "right", position: { x: 4, y: 4 } });
  await page.getByRole("menuitem", { name: "Tidy up the selection" }).click();
  await expect(async () => {
    await seeAll(page);
    const after = await readDrawing(page);
    expect(after.cards.get("n-greetings")).toEqual(before.cards.get("n-greetings"));
    // What lies where they would go is gone round; what stays where it was may be behind.
    expectGoodLayout({ ...after, edges: after.edges.filter(({ from }) => from !== "n-greetings") });
  }).toPass({ intervals: [100, 200, 400], timeout: 10_000 });
  await page.getByRole("button", { name: "Undo", exact: true }).click();
  await expect.poll(async () => (await draftOf(page, id)).layout).toEqual({ positions });
});
