// `npm run bench`: compares in one run and prints ratios, one line a figure. `-- turns check` runs only those benches,
// `-- --list` names them. Exit code 1 when a bound is broken.
import path from "node:path";
import { parseArgs } from "node:util";
import { ensureBuilt, ensureInstalled, PrepareError, ROOT } from "./prepare.mjs";
import { endOnSignals, endWithNpm, run } from "./processes.mjs";

/** A bench that takes longer is ended, in ms. */
const LIMIT = 60_000;

/** @type {Record<string, { file: string, what: string, limit?: number }>} `limit`: instead of LIMIT */
const BENCHES = {
  turns: { file: "turns.mjs", what: "durable turns a second against a bare ws echo server" },
  visitor: { file: "visitor-turn.mjs", what: "the turn of one visitor against a commit and a round trip" },
  "split-turn": {
    file: "split-turn.mjs",
    what: "the turn of one visitor through split roles against two bare hops of the log's engine",
  },
  "split-rate": {
    file: "split-rate.mjs",
    what: "turns of 1,000 visitors through split roles with 1, 2 and 4 workflows against one process",
    limit: 200_000,
  },
  memory: { file: "idle-memory.mjs", what: "memory of an idle session with 10,000 sockets against bare ws" },
  start: { file: "start-up.mjs", what: "start-up with a log of 1,000,000 records against an empty one" },
  replay: { file: "replay.mjs", what: "replay of one session in a log of 1,000,000 records against one of 1,000" },
  check: { file: "check.mjs", what: "check and compile of 10,000 states in six shapes" },
  step: { file: "step.mjs", what: "step in a flow of 10,000 states against one of 10" },
  publish: { file: "publish.mjs", what: "from publishing to a visitor who is served that version" },
  "what-if": { file: "what-if.mjs", what: "10,000 recorded conversations on a draft, and visitors meanwhile" },
  conversations: {
    file: "conversations.mjs",
    what: "lists and search of many conversations against few, and building them anew",
    limit: 120_000,
  },
  widget: { file: "widget-load.mjs", what: "a page that loads with the widget against the same page without it" },
  "npm-start": { file: "npm-start.mjs", what: "the second npm start" },
  canvas: {
    file: "canvas.mjs",
    what: "opening, panning, dragging, typing with 5,000 states against a bare React Flow page",
    limit: 300_000,
  },
  keystroke: { file: "keystroke.mjs", what: "from the key to the canvas in a flow of 500 states" },
  inbox: {
    file: "inbox.mjs",
    what: "200 live conversations in the inbox: frames, and a visitor's text on the screen against a turn",
  },
  preview: { file: "preview.mjs", what: "from the last key to the preview in a flow of 500 states" },
  "tidy-up": { file: "tidy-up.mjs", what: "what of the tidy-up of 1,000 states is on the main thread" },
};

endWithNpm();
endOnSignals();
const names = readArguments();
try {
  await ensureInstalled();
  await ensureBuilt();
} catch (error) {
  console.error(error instanceof PrepareError ? error.message : error);
  process.exit(1);
}
const broken = [];
for (const name of names) {
  console.log(`── ${name}: ${BENCHES[name].what}`);
  const { code } = await run(process.execPath, [path.join(ROOT, "scripts/bench", BENCHES[name].file)], {
    cwd: ROOT,
    limit: BENCHES[name].limit ?? LIMIT,
  });
  if (code !== 0) broken.push(name);
}
console.log(broken.length === 0 ? "\nEvery bound holds." : `\nOver its bound, or failed: ${broken.join(", ")}.`);
process.exitCode = broken.length === 0 ? 0 : 1;

/** The benches to run. */
function readArguments() {
  try {
    const { values, positionals } = parseArgs({ allowPositionals: true, options: { list: { type: "boolean" } } });
    if (values.list) {
      for (const [name, { what }] of Object.entries(BENCHES)) console.log(`${name.padEnd(10)} ${what}`);
      process.exit(0);
    }
    const unknown = positionals.find((name) => !Object.hasOwn(BENCHES, name));
    if (unknown !== undefined) {
      throw new Error(`${unknown} is no bench: choose from ${Object.keys(BENCHES).join(", ")}.`);
    }
    return positionals.length > 0 ? positionals : Object.keys(BENCHES);
  } catch (error) {
    console.error(/** @type {Error} */ (error).message);
    process.exit(2);
  }
}
