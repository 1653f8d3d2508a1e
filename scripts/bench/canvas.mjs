// The canvas with a flow of 5,000 states, against a page with React Flow and little else that draws the same.
import { drawnBy, serveBarePage } from "./bare-canvas.mjs";
import { bench } from "./bench.mjs";
import { openBrowser, openMeasured } from "./browser.mjs";
import { scratch } from "./children.mjs";
import { drawnFlow } from "./drawn-flow.mjs";
import { least, time } from "./figures.mjs";
import { makeFlow, startStudio } from "./studio.mjs";

const STATES = 5000;
const ROUNDS = 5;
/** Of what the bare page takes. */
const MOST = 1.25;
/** Moves of the pointer, or notches of the wheel, in a gesture. */
const STEPS = 60;
const TEXT = "This is what one types in one go.";
/** Between two letters, in ms: faster than anybody types. */
const PACE = 40;
const NODE = ".react-flow__node";

/** @typedef {import("./browser.mjs").Effort} Effort */
/** @typedef {Awaited<ReturnType<typeof openMeasured>>} Measured */
/** @typedef {{ x: number, y: number, width: number, height: number }} Box */

/** @type {{ name: string, steps: number, gesture: (page: Measured, box: Box) => Promise<Effort> }[]} */
const GESTURES = [
  { name: "panning", steps: STEPS, gesture: pan },
  { name: "dragging a card", steps: STEPS, gesture: drag },
  { name: "typing into a card", steps: TEXT.length, gesture: type },
];

await bench(async (report) => {
  const folder = scratch();
  const { flow, layout } = drawnFlow(STATES);
  const bare = await serveBarePage(folder, (await drawnBy(folder))(flow, layout, "steps"));
  const { context, close } = await openBrowser();
  try {
    const studio = await makeFlow(context, await startStudio(context, folder), { id: "large", flow, layout });
    const { box, query } = await whereIsThe(await openMeasured(context, studio, NODE));
    const addresses = [studio, `${bare.url}?${query}`];

    /** @type {Measured[]} the studio and the bare page */
    const pages = [];
    const openings = await inTurns(addresses, async (address, which) => {
      await pages[which]?.page.close();
      pages[which] = await openMeasured(context, address, NODE);
      return /** @type {Measured} */ (pages[which]).opening;
    });
    tell(report, "opening", openings, 1);
    for (const { name, steps, gesture } of GESTURES) {
      tell(report, name, await inTurns(pages, (page) => gesture(page, box)), steps);
    }
  } finally {
    await close();
    bare.close();
  }
});

/**
 * Where the studio's canvas is, and the query with which the bare page is there, too, and shows the same part.
 * @param {Measured} opened
 */
async function whereIsThe({ page }) {
  const box = /** @type {Box} */ (await page.locator(".react-flow").boundingBox());
  const viewport = await page.locator(".react-flow__viewport").evaluate(({ style }) => style.transform);
  const [, x = "0", y = "0"] = /translate\(([-\d.]+)px, ([-\d.]+)px\)/.exec(viewport) ?? [];
  await page.close();
  const numbers = { left: box.x, top: box.y, width: box.width, height: box.height, x, y };
  return { box, query: new URLSearchParams(Object.entries(numbers).map(([name, value]) => [name, String(value)])) };
}

/**
 * Measures the two in turns, so that what the machine does besides is the same for both.
 * @template Subject
 * @param {Subject[]} both the studio and the bare page
 * @param {(subject: Subject, which: number) => Promise<Effort>} measure
 */
async function inTurns(both, measure) {
  /** @type {Effort[][]} */
  const efforts = [[], []];
  for (let round = 0; round < ROUNDS; round++) {
    for (const [which, subject] of both.entries()) efforts[which]?.push(await measure(subject, which));
  }
  return efforts;
}

/**
 * The best of the rounds. Every step is for a frame of its own, so the time a step is the time a frame; to divide by all
 * frames would let those in which nothing happens make it look small.
 * @param {(figure: import("./figures.mjs").Figure) => void} report
 * @param {string} name
 * @param {Effort[][]} efforts of the studio and of the bare page
 * @param {number} steps
 */
function tell(report, name, efforts, steps) {
  const [ms, bareMs] = efforts.map((rounds) => least(rounds.map((effort) => effort.ms)) / steps);
  const [late, bareLate] = efforts.map((rounds) => least(rounds.map((effort) => effort.late)));
  report({
    name: `${name}, main thread${steps > 1 ? " a frame" : ""}`,
    measured: time(ms),
    beside: `bare page ${time(bareMs)}`,
    ratio: ms / bareMs,
    atMost: MOST,
  });
  report({
    name: `${name}, frames of 33 ms missed`,
    measured: String(late),
    beside: `bare page ${bareLate}`,
    // One late frame is chance.
    ratio: Math.max(1, late) / Math.max(1, bareLate),
    atMost: MOST,
  });
}

/** The wheel: there and back. @type {(page: Measured, box: Box) => Promise<Effort>} */
async function pan({ page, measure }, box) {
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
  return measure(async () => {
    for (let step = 0; step < STEPS; step++) {
      const way = step < STEPS / 2 ? 1 : -1;
      await page.mouse.wheel(way * 40, way * 30);
    }
  });
}

/** The first card, by its head, down and to the right in loops; let go where nothing is. @type {(page: Measured) => Promise<Effort>} */
async function drag({ page, measure }) {
  const { x, y, width } = await firstCard(page).boundingBox();
  const at = { x: x + width / 2, y: y + 20 };
  return measure(async () => {
    await page.mouse.move(at.x, at.y);
    await page.mouse.down();
    for (let step = 1; step <= STEPS; step++) {
      const turn = (step / STEPS) * 2 * Math.PI;
      await page.mouse.move(at.x + 8 + 60 * Math.sin(turn), at.y + 8 + 150 * (1 - Math.cos(turn)));
    }
    await page.mouse.up();
  });
}

/** A burst of letters into the text of the first card. @type {(page: Measured) => Promise<Effort>} */
async function type({ page, measure }) {
  await page.bringToFront();
  const box = page.getByRole("textbox", { name: "Text", exact: true });
  await firstCard(page).click({ position: { x: 100, y: 20 } });
  await box.click();
  await page.keyboard.press("End");
  return measure(() => page.keyboard.type(TEXT, { delay: PACE }));
}

/** @param {import("@playwright/test").Page} page */
function firstCard(page) {
  return page.locator(`${NODE}[data-id="n-say0"]`);
}
