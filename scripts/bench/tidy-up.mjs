// Tidying up a flow of 1,000 states: what of it is on the main thread.
import { bench } from "./bench.mjs";
import { openBrowser, openMeasured } from "./browser.mjs";
import { scratch } from "./children.mjs";
import { drawnFlow } from "./drawn-flow.mjs";
import { time } from "./figures.mjs";
import { makeFlow, startStudio } from "./studio.mjs";

const STATES = 1000;
/** The longest that the main thread may be taken in one piece while the worker lays out, in ms: a press is answered in time. */
const MOST_MS = 100;
/** A worker that takes longer hangs, in ms. */
const HANG = 50_000;

await bench(async (report) => {
  const folder = scratch();
  const { context, close } = await openBrowser();
  try {
    const studio = await startStudio(context, folder);
    const url = await makeFlow(context, studio, { id: "thousand", ...drawnFlow(STATES) });
    const { page, measure } = await openMeasured(context, url, ".react-flow__node");
    const worker = page.waitForEvent("worker");
    await page.locator('.react-flow__node[data-id="n-ask0"]').evaluate(watchTidying);
    const { ms } = await measure(async () => {
      await page.getByRole("application").press("Shift+Alt+T");
      await page.waitForFunction(() => /** @type {any} */ (window).tidied(), undefined, { timeout: HANG });
    });
    const script = (await worker).url();
    if (!/elk/.test(script)) throw new Error(`the worker was ${script}, not the layout's`);
    const { whole, during, showing } = await page.evaluate(() => /** @type {any} */ (window).tidied());
    report({
      name: "tidy-up of 1,000 states, main thread",
      measured: time(ms),
      beside: `of ${time(whole)} to the new drawing`,
      ratio: ms / whole,
    });
    report({
      name: "longest task while the worker lays out",
      measured: during === 0 ? "none over 50 ms" : time(during),
      beside: `the one that draws: ${showing === 0 ? "under 50 ms" : time(showing)}`,
      value: during,
      unit: " ms",
      atMost: MOST_MS,
    });
  } finally {
    await close();
  }
});

/**
 * Tells, once the card has moved: ms from the key to that, and the longest tasks of 50 ms and more, in ms, before the one in
 * which it moved, and that one. Runs in the page.
 * @param {Element} card
 */
function watchTidying(card) {
  /** @type {{ startTime: number, duration: number }[]} */
  const tasks = [];
  new PerformanceObserver((list) => tasks.push(...list.getEntries())).observe({ entryTypes: ["longtask"] });
  let pressed = Number.POSITIVE_INFINITY;
  let moved = Number.POSITIVE_INFINITY;
  let isTold = false;
  addEventListener("keydown", ({ timeStamp }) => (pressed = timeStamp), { capture: true });
  const { transform } = /** @type {HTMLElement} */ (card).style;
  const moves = new MutationObserver(() => {
    if (/** @type {HTMLElement} */ (card).style.transform === transform) return;
    moves.disconnect();
    moved = performance.now();
    // Tasks are told of a while after they have ended.
    setTimeout(() => (isTold = true), 500);
  });
  moves.observe(card, { attributes: true, attributeFilter: ["style"] });
  const longest = (/** @type {(task: { startTime: number, duration: number }) => boolean} */ wanted) =>
    Math.max(0, ...tasks.filter((task) => task.startTime >= pressed && wanted(task)).map(({ duration }) => duration));
  const tidied = () =>
    isTold && {
      whole: moved - pressed,
      during: longest(({ startTime, duration }) => startTime + duration < moved),
      showing: longest(({ startTime, duration }) => startTime <= moved && startTime + duration >= moved),
    };
  Object.assign(window, { tidied });
}
