import { countWords, type StepPaint, share } from "../overlay-paint.js";
import classes from "./PaintChips.module.css";

/** What is painted over a card in words and numbers, on its upper edge. */
export function PaintChips({ paint }: { paint: StepPaint }) {
  const { waiting, tested, count } = paint;
  return (
    <div className={classes.chips}>
      {waiting && <span className={classes.waits}>Waits here</span>}
      {tested === false && <span className={classes.untested}>Not tested</span>}
      {count !== undefined && (
        <span className={classes.count} title={countWords(count)}>
          {count.came}
          {count.stopped > 0 && <span className={classes.stopped}>{share(count.stopped, count.came)} stop</span>}
        </span>
      )}
    </div>
  );
}
