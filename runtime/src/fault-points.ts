import { readFileSync, renameSync } from "node:fs";
import process from "node:process";

/**
 * The places at which a process may be ended by a test, each between two things of which the first has happened and the
 * second has not.
 */
export const FAULT_POINTS = {
  "before append": "a visitor's message is read, and not given to the log",
  "before commit": "SQLite has the records, and COMMIT is not asked for; NATS and Fluvio are not sent them",
  "after commit": "the records are durable, and nobody is told",
  "before ack": "the server knows that a message is durable, and its visitor does not",
  "before run": "an input is appended, and what the bot says to it is not",
  "before send": "what the bot says is durable, and no visitor is sent it",
  "place written": "the workflow's new place is written, and does not count yet",
  "partition taken": "a workflow has a partition's lease, and does not follow it yet",
  "projection written": "rows of the lists are written, and their transaction is not committed",
  "act stored": "what a person does in a conversation is stored, and he is not told",
  published: "a version is published, and who published it is not told",
  "draft saved": "a state of a draft is written, and its transaction is not committed",
  "erased in the log": "a conversation is void in the log, and stands in the lists",
  "webhook delivered": "a webhook's receiver has an event, and this is not noted",
} as const;
export type NamedPoint = keyof typeof FAULT_POINTS;

/** Of tests alone: the file that names the point at which this process is to be sent a signal, as `SIGKILL before ack`. */
const file = process.env.PARLEY_FAULT_FILE;

/**
 * Tells that this process has come to a point. Nothing happens, unless a test has named it in the file of
 * `PARLEY_FAULT_FILE`: then the signal is sent before anything else happens, once, and the file has `.reached` behind its name.
 */
export const reached: (point: NamedPoint) => void = file === undefined ? () => undefined : (point) => look(file, point);

function look(file: string, point: NamedPoint): void {
  let named: string;
  try {
    named = readFileSync(file, "utf8");
  } catch {
    return; // No point is named now.
  }
  const [signal = "", ...words] = named.split(" ");
  if (words.join(" ") !== point) return;
  try {
    renameSync(file, `${file}.reached`);
  } catch {
    return; // Another thread of this process was there first.
  }
  process.kill(process.pid, signal as NodeJS.Signals);
}
