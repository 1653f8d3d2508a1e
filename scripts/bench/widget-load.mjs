// What the widget costs a page that loads: the page with the tag against the same page without it, in turns.
import { createServer } from "node:http";
import path from "node:path";
import { brotliCompressSync } from "node:zlib";
import { bench } from "./bench.mjs";
import { openBrowser } from "./browser.mjs";
import { scratch, startParley } from "./children.mjs";
import { median, time, whole } from "./figures.mjs";

const ROUNDS = 15;
/** Of the page without the widget: when it is seen, and what it takes of the main thread. */
const MOST = 1.25;
const MOST_WORK = 1.5;
/** Bytes that come before anybody shows interest: the loader, and the flow's appearance. */
const MOST_BYTES = 6 * 1024;

const PARAGRAPH = `<p>${"Some words of a page as there are many. ".repeat(12)}</p>`;
/** A page of an ordinary size: text, a style sheet's worth of rules, a script that works for a moment. */
const page = (
  /** @type {string} */ tag,
) => `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Page</title>
<link rel="icon" href="data:,"><style>${".a{margin:1px;padding:2px;color:#123}".repeat(400)}</style></head><body><h1>Page</h1>
${PARAGRAPH.repeat(150)}<script>for(let i=0,n=0;i<3e6;i++)n+=i%7;</script>${tag}</body></html>`;

/** @typedef {{ paint: number, load: number, tasks: number, longest: number, shift: number, bytes: number }} Loaded */

await bench(async (report) => {
  const server = await startParley(path.join(scratch(), "data"));
  const tag = `<script async src="http://localhost:${server.port}/widget.js" data-flow="bot-assistant"></script>`;
  const bodies = new Map([
    ["/with", brotliCompressSync(page(tag))],
    ["/without", brotliCompressSync(page(""))],
  ]);
  const site = createServer(({ url }, response) => {
    response.writeHead(200, { "Content-Type": "text/html", "Content-Encoding": "br", "Cache-Control": "no-store" });
    response.end(bodies.get(url ?? ""));
  });
  await new Promise((resolve) => site.listen(0, "127.0.0.1", () => resolve(undefined)));
  const { port } = /** @type {import("node:net").AddressInfo} */ (site.address());
  const { context, close } = await openBrowser();
  await context.addInitScript(watch);
  try {
    /** @type {Record<"with" | "without", Loaded[]>} */
    const rounds = { with: [], without: [] };
    for (let round = 0; round <= ROUNDS; round++) {
      for (const name of /** @type {const} */ (["with", "without"])) {
        const there = name === "with" ? ".launcher" : "h1";
        const loaded = await load(context, `http://127.0.0.1:${port}/${name}`, there);
        // The first of each finds everything cold.
        if (round > 0) rounds[name].push(loaded);
      }
    }
    const of = (/** @type {"with" | "without"} */ name, /** @type {keyof Loaded} */ key) =>
      median(rounds[name].map((loaded) => loaded[key]));
    const times = /** @type {const} */ ([
      ["first paint (median)", "paint", MOST],
      ["main thread until the page is at rest (median)", "tasks", MOST_WORK],
      // It waits for every script, also for one that the page does not wait for.
      ["load event (median)", "load", undefined],
    ]);
    for (const [name, key, atMost] of times) {
      const [measured, beside] = [of("with", key), of("without", key)];
      const texts = { measured: time(measured), beside: `${time(beside)} without the widget` };
      report({ name, ...texts, ratio: measured / beside, ...(atMost !== undefined && { atMost }) });
    }
    const bytes = of("with", "bytes");
    report({
      name: "bytes before interest, heads of HTTP included",
      measured: whole(bytes),
      value: bytes,
      unit: " B",
      atMost: MOST_BYTES,
    });
    const longest = of("with", "longest");
    const beside = `${time(of("without", "longest"))} without the widget`;
    report({
      name: "longest task, in processor time (median)",
      measured: time(longest),
      beside,
      value: longest,
      unit: " ms",
      atMost: 50,
    });
    const shift = Math.max(...rounds.with.map((loaded) => loaded.shift));
    report({ name: "layout shift (largest)", measured: shift.toFixed(4), value: shift, atMost: 0 });
  } finally {
    await close();
    site.close();
  }
});

/**
 * Loads an address in a page of its own, with no copy of anything kept from before.
 * @param {import("@playwright/test").BrowserContext} context
 * @param {string} url
 * @param {string} there a selector of what is there once the page is
 * @returns {Promise<Loaded>} times in ms
 */
async function load(context, url, there) {
  const page = await context.newPage();
  const client = await context.newCDPSession(page);
  const bytes = await countBytes(client);
  const longest = await traceTasks(client);
  await client.send("Performance.enable", { timeDomain: "threadTicks" });
  await page.goto(url, { waitUntil: "load" });
  await page.locator(there).waitFor();
  // A page may have loaded before any of it was painted.
  await page.evaluate(painted);
  // Both have come to rest, whatever came after the load event.
  await page.evaluate(() => new Promise((resolve) => requestIdleCallback(resolve)));
  const { metrics } = await client.send("Performance.getMetrics");
  const tasks =
    (metrics.find((/** @type {{ name: string }} */ { name }) => name === "TaskDuration")?.value ?? 0) * 1000;
  const seen = await page.evaluate(() => {
    const navigation = /** @type {PerformanceNavigationTiming} */ (performance.getEntriesByType("navigation")[0]);
    const paint = performance.getEntriesByName("first-contentful-paint")[0]?.startTime ?? 0;
    return { paint, load: navigation.loadEventEnd, shift: /** @type {any} */ (window).shift };
  });
  const loaded = { ...seen, tasks, longest: await longest(), bytes: bytes() };
  await page.close();
  return loaded;
}

/**
 * Counts the bytes of what comes from the widget's server.
 * @param {import("@playwright/test").CDPSession} client
 */
async function countBytes(client) {
  let bytes = 0;
  /** @type {Set<string>} */
  const requests = new Set();
  client.on("Network.requestWillBeSent", ({ request, requestId }) => {
    if (new URL(request.url).pathname.startsWith("/widget")) requests.add(requestId);
  });
  client.on("Network.loadingFinished", ({ encodedDataLength, requestId }) => {
    if (requests.has(requestId)) bytes += encodedDataLength;
  });
  await client.send("Network.enable");
  await client.send("Network.setCacheDisabled", { cacheDisabled: true });
  return () => bytes;
}

/**
 * Traces tasks by processor time: what a busy machine does in between is none of it.
 * @param {import("@playwright/test").CDPSession} client
 * @returns {Promise<() => Promise<number>>} the longest task of a page's main thread, in ms
 */
async function traceTasks(client) {
  /** @type {{ name: string, pid: number, tid: number, tdur?: number, args?: { name?: string } }[]} */
  const events = [];
  client.on("Tracing.dataCollected", ({ value }) => events.push(.../** @type {any[]} */ (value)));
  const ended = new Promise((resolve) => client.once("Tracing.tracingComplete", resolve));
  await client.send("Tracing.start", {
    categories: "devtools.timeline,disabled-by-default-devtools.timeline",
    transferMode: "ReportEvents",
  });
  return async () => {
    await client.send("Tracing.end");
    await ended;
    const pages = new Set(events.filter(({ name }) => name === "ParseHTML").map(({ pid, tid }) => `${pid} ${tid}`));
    const tasks = events.filter(({ name, pid, tid }) => name === "RunTask" && pages.has(`${pid} ${tid}`));
    return Math.max(0, ...tasks.map(({ tdur = 0 }) => tdur / 1000));
  };
}

/** Resolves once something of the page was seen. Runs in the page. */
function painted() {
  return new Promise((resolve) => {
    new PerformanceObserver((list) => list.getEntriesByName("first-contentful-paint").forEach(resolve)).observe({
      type: "paint",
      buffered: true,
    });
  });
}

/** Adds up what jumps. Runs in the page. */
function watch() {
  Object.assign(window, { shift: 0 });
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) /** @type {any} */ (window).shift += /** @type {any} */ (entry).value;
  }).observe({ type: "layout-shift", buffered: true });
}
