import type { Link } from "./steps.js";

/** Messages that follow one another without a question between them, at most: a run of 1,000 requests is refused. */
const MAX_RUN = 900;

/**
 * Ends what would never end: messages that lead back to themselves without a question between them, and more of them one
 * after the other than a run may have. The step that is cut says so. Linear.
 */
export function cutLoops(links: readonly Link[]): void {
  /** How many messages follow, itself counted; 0 while that is being found out. */
  const runs = new Map<number, number>();
  for (const first of links.keys()) {
    const path: number[] = [];
    let at: number | undefined = first;
    while (at !== undefined && links[at]!.kind === "message" && !runs.has(at)) {
      runs.set(at, 0);
      path.push(at);
      at = links[at]!.to[0];
    }
    let run = at === undefined || links[at]!.kind !== "message" ? 0 : runs.get(at)!;
    const loops = run === 0 && at !== undefined && links[at]!.kind === "message";
    for (const [n, place] of path.reverse().entries()) {
      const link = links[place]!;
      if ((n === 0 && loops) || run >= MAX_RUN) {
        link.to[0] = undefined;
        link.remarks.add(
          loops && n === 0
            ? "It led back to what was said before, without a question between; here it ends."
            : "More messages follow than can be said at once; here it ends.",
        );
        run = 0;
      }
      run += 1;
      runs.set(place, run);
    }
  }
}
