import { endOnSignals } from "../processes.mjs";
import { endAll } from "./children.mjs";
import { holds, line } from "./figures.mjs";

/**
 * Runs one bench in this process: prints its figures as they come and ends with 1 when a bound is broken or it failed.
 * @param {(report: (figure: import("./figures.mjs").Figure) => void) => Promise<void>} body what it starts and leaves running is ended after it
 */
export async function bench(body) {
  endOnSignals();
  let broken = false;
  try {
    await body((figure) => {
      broken ||= !holds(figure);
      console.log(line(figure));
    });
  } catch (error) {
    broken = true;
    console.error(error);
  }
  await endAll();
  process.exit(broken ? 1 : 0);
}
