// How long a letter takes from the key to the canvas, in a flow of 500 states.
import { bench } from "./bench.mjs";
import { openBrowser, openMeasured } from "./browser.mjs";
import { scratch } from "./children.mjs";
import { drawnFlow } from "./drawn-flow.mjs";
import { percentile, time } from "./figures.mjs";
import { makeFlow, startStudio } from "./studio.mjs";

const STATES = 500;
const TEXT = "What one types goes to the card at once, letter by letter, also while the draft is checked and saved. ";
/** Between two letters, in ms: as fast as people type. It is no multiple of a frame, so keys come at every moment of one. */
const PACE = 71;
const MOST_FRAMES = 3;
/** A frame at 60 Hz, in ms. */
const FRAME = 1000 / 60;

await bench(async (report) => {
  const folder = scratch();
  const { context, close } = await openBrowser();
  try {
    const studio = await startStudio(context, folder);
    const url = await makeFlow(context, studio, { id: "medium", ...drawnFlow(STATES) });
    const { page, settle } = await openMeasured(context, url, ".react-flow__node");
    const card = page.locator('.react-flow__node[data-id="n-say0"]');
    await card.click();
    await page.getByRole("textbox", { name: "Text", exact: true }).click();
    await card.evaluate(watchKeys);
    await settle();
    await page.keyboard.type(TEXT, { delay: PACE });
    await settle();
    /** @type {number[]} */
    const waits = await page.evaluate(() => /** @type {any} */ (window).keyWaits);
    if (waits.length < TEXT.length * 0.9) throw new Error(`only ${waits.length} of ${TEXT.length} letters were seen`);
    const slow = percentile(waits, 0.95);
    report({
      name: "key to canvas, 500 states, p95",
      measured: time(slow),
      beside: `median ${time(percentile(waits, 0.5))} of ${waits.length} keys`,
      value: Math.max(1, Math.ceil(slow / FRAME)),
      unit: " frames",
      atMost: MOST_FRAMES,
    });
  } finally {
    await close();
  }
});

/**
 * Keeps, for each key, the ms from its press (as the browser got it) to the beginning of the frame that shows the card with
 * its letter. Runs in the page.
 * @param {Element} card
 */
function watchKeys(card) {
  /** @type {number[]} */
  const waits = [];
  /** @type {number | undefined} */
  let pressed;
  addEventListener("keydown", ({ timeStamp }) => (pressed = timeStamp), { capture: true });
  const look = () => {
    if (pressed === undefined) return;
    const since = pressed;
    pressed = undefined;
    requestAnimationFrame((frame) => waits.push(frame - since));
  };
  new MutationObserver(look).observe(card, { subtree: true, childList: true, characterData: true });
  Object.assign(window, { keyWaits: waits });
}
