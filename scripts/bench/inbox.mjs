// The inbox with 200 live conversations: frames while visitors write, and how soon a visitor's text is on the screen.
import { bench } from "./bench.mjs";
import { openBrowser, openMeasured } from "./browser.mjs";
import { scratch } from "./children.mjs";
import { least, median, percentile, time } from "./figures.mjs";
import { serverPackage } from "./server-package.mjs";
import { makeFlow, startStudio } from "./studio.mjs";

const { WebSocket } = serverPackage("ws");
const VISITORS = 200;
const ROUNDS = 3;
/** Notches of the wheel in a round, and what visitors write meanwhile: 40 texts a second. */
const STEPS = 60;
const EVERY = 25;
const TEXTS = 30;
const MOST_LATE = 3;
/** A text is on the screen of who answers as soon as the bot's answer is on the visitor's: see `whenAnswered`. */
const MOST_RATIO = 1.25;

const HELP = "help";
const matched = (/** @type {string} */ outcome) => ({
  matchResponse: { kind: "HandOffResult", handOffId: HELP, outcome },
  next: "bye",
});
const choices = [
  { itemId: "person", content: "A person" },
  { itemId: "again", content: "Again" },
];
const FLOW = {
  ask: { sendRequest: { kind: "ChoiceRequest", groupId: "g", question: "Well?", choices } },
  again: { matchResponse: { kind: "ChoiceResponse", groupId: "g", itemId: "again" }, next: "ask" },
  person: { matchResponse: { kind: "ChoiceResponse", groupId: "g", itemId: "person" }, next: "hand" },
  hand: { sendRequest: { kind: "HandOff", handOffId: HELP } },
  closed: matched("closed"),
  unavailable: matched("unavailable"),
  bye: { sendRequest: { kind: "BotText", content: "Bye" } },
};

await bench(async (report) => {
  const folder = scratch();
  const { context, close } = await openBrowser();
  /** @type {Visitor[]} */
  const visitors = [];
  try {
    const origin = await startStudio(context, folder);
    await makeFlow(context, origin, { id: "desk", flow: FLOW });
    const post = async (/** @type {string} */ method, /** @type {string} */ address, /** @type {object} */ data) => {
      const answer = await context.request.fetch(`${origin}/api${address}`, {
        method,
        headers: { Origin: origin },
        data,
      });
      if (!answer.ok()) throw new Error(`${address}: ${answer.status()} ${await answer.text()}`);
    };
    await post("POST", "/flows/desk/versions", {
      from: { kind: "file", text: JSON.stringify(FLOW) },
      over: 0,
      note: "",
    });
    await post("PUT", "/availability", { available: true });
    const opened = await openMeasured(context, `${origin}/studio/inbox`, "text=Nobody waits");
    const { page } = opened;
    for (let n = 0; n < VISITORS; n++) visitors.push(await enter(origin));
    for (const visitor of visitors) await visitor.turn({ kind: "ChoiceResponse", groupId: "g", itemId: "person" });
    const list = page.getByRole("list", { name: "Waiting conversations" });
    await page.waitForFunction((count) => document.querySelectorAll("[data-conversation]").length === count, VISITORS);

    const box = await list.boundingBox();
    if (!box) throw new Error("there is no list");
    await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
    const scroll = async () => {
      for (let step = 0; step < STEPS; step++) await page.mouse.wheel(0, step < STEPS / 2 ? 120 : -120);
    };
    const quiet = [];
    const busy = [];
    for (let round = 0; round < ROUNDS; round++) {
      quiet.push(await opened.measure(scroll));
      const stop = writing(visitors);
      busy.push(await opened.measure(scroll));
      stop();
    }
    const a_step = (/** @type {typeof quiet} */ rounds) => least(rounds.map(({ ms }) => ms)) / STEPS;
    const late = least(busy.map((effort) => effort.late));
    report({
      name: `scrolling ${VISITORS} live conversations, main thread a frame`,
      measured: time(a_step(busy)),
      beside: `nobody writes ${time(a_step(quiet))}`,
      ratio: a_step(busy) / a_step(quiet),
    });
    report({
      name: "the same, frames of 33 ms missed",
      measured: String(late),
      beside: `nobody writes ${least(quiet.map((effort) => effort.late))}`,
      value: late,
      atMost: MOST_LATE,
    });

    const mine = /** @type {Visitor} */ (visitors[0]);
    await page.locator("[data-conversation]").first().click();
    await page.getByRole("button", { name: "Take", exact: true }).click();
    await page.getByRole("textbox", { name: "Write to the visitor" }).waitFor();
    const other = await enter(origin);
    const widget = await context.newPage();
    await widget.goto(`${origin}/c/desk`);
    await widget.getByRole("button", { name: "Again" }).waitFor();
    const shown = [];
    const turns = [];
    const answers = [];
    for (let n = 0; n < TEXTS; n++) {
      turns.push(await timed(() => other.turn({ kind: "ChoiceResponse", groupId: "g", itemId: "again" })));
      await widget.bringToFront();
      answers.push(await widget.evaluate(whenAnswered));
      await page.bringToFront();
      const text = `text ${n}.`;
      const seen = page.evaluate(whenShown, text);
      const began = performance.timeOrigin + performance.now();
      await mine.turn({ kind: "UserText", sessionId: HELP, content: text });
      shown.push((await seen) - began);
    }
    report({
      name: "a visitor's text on the screen (median)",
      measured: time(median(shown)),
      beside: `a turn on a visitor's ${time(median(answers))}`,
      ratio: median(shown) / median(answers),
      atMost: MOST_RATIO,
    });
    report({
      name: "the same (p95)",
      measured: time(percentile(shown, 0.95)),
      beside: `a turn on a visitor's ${time(percentile(answers, 0.95))}`,
    });
    report({
      name: "the same beside a turn without a screen",
      measured: time(median(shown)),
      beside: `a turn ${time(median(turns))}`,
      ratio: median(shown) / median(turns),
    });
  } finally {
    for (const visitor of visitors) visitor.close();
    await close();
  }
});

/** @typedef {{ turn: (message: object) => Promise<void>, close: () => void }} Visitor */

/**
 * A visitor of `parley.v1`. `turn` sends a message and waits for the end of its turn.
 * @param {string} origin
 * @returns {Promise<Visitor>}
 */
async function enter(origin) {
  const socket = new WebSocket(`${origin.replace("http", "ws")}/chat/desk`, "parley.v1");
  /** @type {(() => void)[]} */
  const waiting = [];
  socket.on("message", (data) => {
    if (JSON.parse(String(data)).kind === "Turn") waiting.shift()?.();
  });
  await new Promise((resolve, reject) => {
    socket.once("open", resolve);
    socket.once("error", reject);
  });
  const ended = () => new Promise((resolve) => waiting.push(() => resolve(undefined)));
  const begun = ended();
  socket.send('{"kind":"Hello"}');
  await begun;
  let n = 0;
  const run = Math.random().toString(36).slice(2);
  return {
    turn: async (message) => {
      const end = ended();
      socket.send(JSON.stringify({ kind: "Send", id: `${run}-${n++}`, message }));
      await end;
    },
    close: () => socket.close(),
  };
}

/** All but the first write in turns. @param {Visitor[]} visitors @returns ends it */
function writing(visitors) {
  let n = 0;
  const timer = setInterval(() => {
    n += 1;
    void visitors[1 + (n % (VISITORS - 1))]?.turn({ kind: "UserText", sessionId: HELP, content: `line ${n}` });
  }, EVERY);
  return () => clearInterval(timer);
}

/** @param {() => Promise<unknown>} act */
async function timed(act) {
  const began = performance.now();
  await act();
  return performance.now() - began;
}

/**
 * Resolves with the time, in ms since 1970, of the frame that shows a text. Runs in the page.
 * @param {string} text
 * @returns {Promise<number>}
 */
function whenShown(text) {
  return new Promise((resolve) => {
    const look = () => {
      if (!document.querySelector('[aria-label="What was said"]')?.textContent?.includes(text)) return false;
      requestAnimationFrame((at) => resolve(performance.timeOrigin + at));
      return true;
    };
    const watcher = new MutationObserver(() => look() && watcher.disconnect());
    watcher.observe(document.body, { subtree: true, childList: true, characterData: true });
  });
}

/**
 * Answers the question that is open, and resolves with the time to the frame that shows the next, in ms. Runs in a page of
 * the widget.
 * @returns {Promise<number>}
 */
function whenAnswered() {
  const root = /** @type {ShadowRoot} */ (
    [...document.querySelectorAll("*")].find(({ shadowRoot }) => shadowRoot?.querySelector('[role="log"]'))?.shadowRoot
  );
  const open = () =>
    [...root.querySelectorAll('[role="log"] button:not(:disabled)')].filter((one) => one.textContent === "Again");
  const before = /** @type {HTMLButtonElement} */ (open()[0]);
  return new Promise((resolve) => {
    const look = () => {
      if (!open().some((one) => one !== before)) return false;
      requestAnimationFrame((at) => resolve(at - began));
      return true;
    };
    const watcher = new MutationObserver(() => look() && watcher.disconnect());
    watcher.observe(root, { subtree: true, childList: true, attributes: true });
    const began = performance.now();
    before.click();
  });
}
