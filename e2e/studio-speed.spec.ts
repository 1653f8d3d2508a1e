import type { Page } from "@playwright/test";
import { makeLargeFlow } from "./support/large-flow.js";
import { expect, openFlow, test } from "./support/studio.js";

// What `npm run bench` measures in time is counted here: the counts are the same on any machine.

const card = (page: Page, step: string) => page.locator(`.react-flow__node[data-id="n-${step}"]`);

/** What a key changed: frames until the canvas had it, renderings by React, and the cards and edges that were touched. */
type Seen = { readonly frames: number; readonly renderings: number; readonly touched: readonly string[] };
type Watching = { renderings: number; seen: Seen };

/** Counts how often React brings something to the page. Before the page is loaded. */
async function countRenderings(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const watching = { renderings: 0 };
    const hook = {
      supportsFiber: true,
      inject: () => 1,
      onCommitFiberRoot: () => watching.renderings++,
      onCommitFiberUnmount() {},
      onPostCommitFiberRoot() {},
      checkDCE() {},
    };
    Object.assign(window, { watching, __REACT_DEVTOOLS_GLOBAL_HOOK__: hook });
  });
}

async function watchKeys(page: Page): Promise<void> {
  await page.locator(".react-flow").evaluate((canvas) => {
    const { watching } = window as unknown as { watching: Watching };
    let frame = 0;
    const tick = () => {
      frame++;
      requestAnimationFrame(tick);
    };
    requestAnimationFrame(tick);
    let began = { frame, renderings: watching.renderings };
    const touched = new Set<string>();
    const before = () => {
      began = { frame, renderings: watching.renderings };
      touched.clear();
    };
    addEventListener("keydown", before, { capture: true });
    const look = (records: MutationRecord[]) => {
      for (const { target } of records) {
        const element = target instanceof Element ? target : target.parentElement;
        const part = element?.closest<HTMLElement>(".react-flow__node, .react-flow__edge");
        if (part) touched.add(part.dataset.id ?? "");
      }
      const renderings = watching.renderings - began.renderings;
      watching.seen = { frames: frame + 1 - began.frame, renderings, touched: [...touched] };
    };
    new MutationObserver(look).observe(canvas, { subtree: true, childList: true, characterData: true });
  });
}

test("a letter is on the canvas within three frames, and only its card is drawn anew", async ({ page }) => {
  await countRenderings(page);
  await openFlow(page, await makeLargeFlow(page, 500));
  await card(page, "say0").click();
  await page.getByRole("textbox", { name: "Text", exact: true }).fill("");
  await watchKeys(page);
  let text = "";
  for (const letter of "Good-morning") {
    text += letter;
    await page.keyboard.press(letter);
    await expect(card(page, "say0")).toContainText(text);
    const { frames, renderings, touched } = await page.evaluate(
      () => (window as unknown as { watching: Watching }).watching.seen,
    );
    expect(touched, text).toEqual(["n-say0"]);
    expect(frames, text).toBeLessThanOrEqual(3);
    expect(renderings, text).toBeLessThanOrEqual(3);
  }
});

test("of 5,000 states only what is seen is drawn", async ({ page }) => {
  await openFlow(page, await makeLargeFlow(page, 5000));
  await expect(card(page, "say0")).toBeVisible();
  expect(await page.locator(".react-flow__node").count()).toBeLessThan(30);
  expect(await page.locator(".react-flow__edge").count()).toBeLessThan(60);
  expect(await page.locator("*").count()).toBeLessThan(1500);
});

test("the tidy-up is laid out in a worker, and frames go on meanwhile", async ({ page }) => {
  await openFlow(page, await makeLargeFlow(page, 1000));
  await expect(card(page, "ask0")).toBeVisible();
  const worker = page.waitForEvent("worker");
  await card(page, "ask0").evaluate((node: HTMLElement) => {
    const { transform } = node.style;
    let frames = 0;
    const tick = () => {
      if (node.isConnected && node.style.transform === transform) frames++;
      requestAnimationFrame(tick);
    };
    addEventListener("keydown", () => requestAnimationFrame(tick), { capture: true, once: true });
    Object.assign(window, { framesBefore: () => node.style.transform !== transform && frames });
  });
  await page.getByRole("application").press("Shift+Alt+T");
  expect((await worker).url()).toContain("/elk-worker");
  const frames = await page.waitForFunction(() =>
    (window as unknown as { framesBefore(): number | false }).framesBefore(),
  );
  // On the main thread there would be one at most, before it began.
  expect(await frames.jsonValue()).toBeGreaterThan(2);
});
