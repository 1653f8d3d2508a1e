import { createRequire } from "node:module";
import path from "node:path";
import { findBrowser } from "../find-browser.mjs";
import { ROOT } from "../prepare.mjs";

const { chromium } = createRequire(path.join(ROOT, "e2e/package.json"))("@playwright/test");
const FLAGS = ["--headless", "--disable-gpu", "--no-first-run", "--disable-background-networking"];
const SIZE = { width: 1440, height: 900 };
/** Two refreshes of a screen of 60 Hz, in ms: a frame that comes later than that after the one before was missed. */
const LATE = 33.4;
/** A page is at rest when so many frames in a row come in time. */
const REST = 20;

/**
 * What something took of a page: ms of main-thread time, how many frames came meanwhile, and how many did not come in time.
 * A frame that took 400 ms counts as the twelve of 33 ms that it took the place of: counted as one, a page that stands still
 * once would be better than one that is late twice.
 * @typedef {{ ms: number, frames: number, late: number }} Effort
 */

/** A browser whose pages are measured; `close` ends it. */
export async function openBrowser() {
  const confined = process.getuid?.() === 0 ? ["--no-sandbox"] : [];
  const browser = await chromium.launch({ executablePath: await findBrowser(), args: [...FLAGS, ...confined] });
  const context = await browser.newContext({ viewport: SIZE, reducedMotion: "reduce" });
  await context.addInitScript(watchFrames);
  return { context, close: () => browser.close() };
}

/**
 * Opens an address in a page of its own, and measures it.
 *
 * Main-thread time is Chromium's own `TaskDuration` by thread ticks: the processor time of all tasks of the page's main
 * thread, which is script, style, layout and painting, and nothing of what else the machine does. Long tasks and the time
 * between frames would count what other processes took, and see nothing below 50 or 16 ms.
 * @param {import("@playwright/test").BrowserContext} context
 * @param {string} url
 * @param {string} there a selector of what is there once the page is open
 */
export async function openMeasured(context, url, there) {
  const page = await context.newPage();
  const client = await context.newCDPSession(page);
  await client.send("Performance.enable", { timeDomain: "threadTicks" });
  const taskMs = async () => {
    const { metrics } = await client.send("Performance.getMetrics");
    return (metrics.find(({ name }) => name === "TaskDuration")?.value ?? 0) * 1000;
  };
  /** Resolves when frames come in time again. */
  const settle = () => page.evaluate(rest, REST);
  const framesSince = async (/** @type {number} */ first) =>
    counted((await page.evaluate(() => /** @type {any} */ (window).frameTimes)).slice(first));

  await page.goto(url, { waitUntil: "commit" });
  await page.locator(there).first().waitFor();
  await settle();
  /** @type {Effort} */
  const opening = { ms: await taskMs(), ...(await framesSince(0)) };

  /**
   * @param {() => Promise<unknown>} act
   * @returns {Promise<Effort>} what it took
   */
  const measure = async (act) => {
    await page.bringToFront();
    await settle();
    const first = await page.evaluate(() => /** @type {any} */ (window).frameTimes.length);
    const before = await taskMs();
    await act();
    return { ms: (await taskMs()) - before, ...(await framesSince(first)) };
  };
  return { page, client, opening, settle, measure };
}

/** @param {number[]} times of frames, in ms */
function counted(times) {
  const late = times.slice(1).map((time, index) => Math.floor((time - /** @type {number} */ (times[index])) / LATE));
  return { frames: times.length, late: late.reduce((sum, count) => sum + count, 0) };
}

/** Keeps the time of every frame. Runs in the page. */
function watchFrames() {
  /** @type {number[]} */
  const times = [0];
  const tick = (/** @type {number} */ time) => {
    times.push(time);
    requestAnimationFrame(tick);
  };
  requestAnimationFrame(tick);
  Object.assign(window, { frameTimes: times });
}

/**
 * Resolves when so many frames in a row have come in time. Runs in the page.
 * @param {number} frames
 */
function rest(frames) {
  return new Promise((resolve) => {
    let last = Number.NEGATIVE_INFINITY;
    let inTime = 0;
    const tick = (/** @type {number} */ time) => {
      inTime = time - last < 25 ? inTime + 1 : 0;
      last = time;
      if (inTime < frames) requestAnimationFrame(tick);
      else resolve(undefined);
    };
    requestAnimationFrame(tick);
  });
}
