import { MOST_COUNTED } from "@parley/shared/api/conversations";
import classes from "./Area.module.css";

/** How many there are. */
export function NumberOf({ total, what }: { total: number; what: string }) {
  const number = total >= MOST_COUNTED ? `${MOST_COUNTED.toLocaleString("en")} and more` : total.toLocaleString("en");
  return (
    <span className={classes.number} role="status">
      {number} {total === 1 ? what : `${what}s`}
    </span>
  );
}
