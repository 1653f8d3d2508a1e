import { BARE_COOKIE } from "@parley/shared/protocol/bare";
import { afterEach, expect, it } from "vitest";
import { DemoClient } from "../testing/demo-client.js";
import { startServer } from "../testing/process.js";
import { scratch } from "../testing/server.js";

const cleanup: (() => unknown)[] = [];
afterEach(async () => {
  for (const step of cleanup.splice(0).reverse()) await step();
});

const QUESTION = "bot What programming language do you use in your hobby projects?";
const BEGUN = ["bot Hi, I'm Bot! Nice to meet you.", QUESTION];
const LANGUAGES = "buttons Rust|Go|Other";
const WHOLE = [
  ...BEGUN,
  "picked Other",
  "bot I enabled chat editor",
  "user Zig",
  "bot Any other?",
  "picked No",
  "bot Great, thanks!",
];

/** Servers one after the other, on one data folder and one port. */
async function servers() {
  const folder = scratch();
  cleanup.push(() => folder.dispose());
  let server = await startServer({ dataDir: folder.path });
  cleanup.push(() => server.stop("SIGKILL"));
  const port = Number(new URL(server.url).port);
  const restart = async (signal: NodeJS.Signals) => {
    await server.stop(signal);
    server = await startServer({ dataDir: folder.path, port });
  };
  return { url: server.wsUrl, restart };
}

function open(...args: ConstructorParameters<typeof DemoClient>) {
  const client = new DemoClient(...args);
  cleanup.push(() => client.close());
  /** Waits until the pane has these lines; one that never comes is told by what is there instead. */
  const shows = async (lines: string[]) => {
    await client.until(() => client.pane.length >= lines.length && client.pane.at(-1) === lines.at(-1));
    expect(client.pane).toEqual(lines);
  };
  return { client, shows };
}

it("[W1] a client of the original demo plays the reference conversation, over kill -9 and a restart", async () => {
  const { url, restart } = await servers();
  const { client, shows } = open(url);
  await shows([...BEGUN, LANGUAGES]);
  const cookie = client.cookies.get(BARE_COOKIE);
  client.pick("lang", "other");
  await shows(WHOLE.slice(0, 4));
  await restart("SIGKILL");
  // It has come back by itself, and everything is drawn anew.
  await client.until(() => client.connects === 2 && client.editor);
  await shows(WHOLE.slice(0, 4));
  client.write("Zig");
  await shows([...WHOLE.slice(0, 6), "buttons Yes|No"]);
  expect(client.editor).toBe(false);
  await restart("SIGTERM");
  await client.until(() => client.connects === 3);
  await shows([...WHOLE.slice(0, 6), "buttons Yes|No"]);
  client.pick("others", "no");
  await shows(WHOLE);

  const other = open(url, client.cookies);
  await other.shows(WHOLE);
  expect(client.cookies.get(BARE_COOKIE)).toBe(cookie);
  expect([...client.errors, ...other.client.errors]).toEqual([]);
});

it("[W1] [W3] it starts over by ResetSession and without its cookie; another tab goes on in the old session", async () => {
  const { url } = await servers();
  const { client, shows } = open(url);
  await shows([...BEGUN, LANGUAGES]);
  const other = open(url, new Map(client.cookies));
  await other.shows([...BEGUN, LANGUAGES]);
  client.pick("lang", "go");
  const picked = [...BEGUN, "picked Go", "bot Any other?", "buttons Yes|No"];
  await shows(picked);
  await other.shows(picked);
  const before = client.cookies.get(BARE_COOKIE);
  client.restart();
  await shows([...BEGUN, LANGUAGES]);
  expect(client.cookies.get(BARE_COOKIE)).not.toBe(before);
  // The reset was the last thing it said in the old session, which begins anew for whoever is still there.
  await other.shows([...picked, ...BEGUN, LANGUAGES]);
  other.client.pick("lang", "rust");
  await other.shows([...picked, ...BEGUN, "picked Rust", "bot Any other?", "buttons Yes|No"]);
  const late = open(url, other.client.cookies);
  await late.shows([...BEGUN, "picked Rust", "bot Any other?", "buttons Yes|No"]);
  expect(client.pane).toEqual([...BEGUN, LANGUAGES]);
  expect([client, other.client, late.client].flatMap(({ errors }) => errors)).toEqual([]);
});
