// How long after the last keystroke a preview shows an edit, in a flow of 500 states.
import { bench } from "./bench.mjs";
import { openBrowser, openMeasured } from "./browser.mjs";
import { scratch } from "./children.mjs";
import { drawnFlow } from "./drawn-flow.mjs";
import { percentile, time } from "./figures.mjs";
import { makeFlow, startStudio } from "./studio.mjs";

const STATES = 500;
const ROUNDS = 40;
/** Between two letters, in ms: within a word, so that only the last one is followed by rest. */
const PACE = 30;
const MOST = 200;

await bench(async (report) => {
  const folder = scratch();
  const { context, close } = await openBrowser();
  try {
    const studio = await startStudio(context, folder);
    const url = await makeFlow(context, studio, { id: "previewed", ...drawnFlow(STATES) });
    const { page, settle } = await openMeasured(context, url, ".react-flow__node");
    await page.locator('.react-flow__node[data-id="n-say0"]').click();
    await page.getByRole("textbox", { name: "Text", exact: true }).click();
    await page.keyboard.press("End");
    const element = await page.waitForSelector("iframe");
    const frame = await element.contentFrame();
    if (!frame) throw new Error("there is no preview");
    await page.evaluate(watchKeys);
    await frame.waitForFunction(() => document.querySelector("body > div")?.shadowRoot?.querySelector("[data-seq]"));
    await settle();
    /** @type {number[]} */
    const waits = [];
    for (let round = 0; round < ROUNDS; round++) {
      const word = ` w${round}.`;
      const shown = frame.evaluate(whenShown, word.trim());
      await page.keyboard.type(word, { delay: PACE });
      const [at, key] = [await shown, await page.evaluate(() => /** @type {any} */ (window).lastKey)];
      waits.push(at - key);
    }
    const slow = percentile(waits, 0.95);
    report({
      name: `last key to the preview, ${STATES} states, p95`,
      measured: time(slow),
      beside: `median ${time(percentile(waits, 0.5))} of ${waits.length} words`,
      value: Math.round(slow),
      unit: " ms",
      atMost: MOST,
    });
  } finally {
    await close();
  }
});

/** Keeps when the last key was pressed, in ms since 1970. Runs in the page. */
function watchKeys() {
  const keep = ({ timeStamp }) => Object.assign(window, { lastKey: performance.timeOrigin + timeStamp });
  addEventListener("keydown", keep, { capture: true });
}

/**
 * Resolves with the time, in ms since 1970, of the frame that shows a message with this word. Runs in the preview's frame.
 * @param {string} word
 * @returns {Promise<number>}
 */
function whenShown(word) {
  const log = document.querySelector("body > div")?.shadowRoot?.querySelector("[role=log]");
  if (!log) throw new Error("there is no widget");
  return new Promise((resolve) => {
    const look = () => {
      if (!log.textContent?.includes(word)) return;
      watcher.disconnect();
      requestAnimationFrame((at) => resolve(performance.timeOrigin + at));
    };
    const watcher = new MutationObserver(look);
    watcher.observe(log, { subtree: true, childList: true, characterData: true });
  });
}
