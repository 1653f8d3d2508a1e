import { Skeleton } from "@mantine/core";
import classes from "./History.module.css";

/** As large as what comes. */
export function HistorySkeleton() {
  return (
    <div aria-hidden>
      <div className={classes.day}>
        <Skeleton height={12} width={60} />
      </div>
      {[1, 2, 3, 4].map((row) => (
        <div key={row} className={classes.row}>
          <div className={classes.what}>
            <Skeleton height={14} width={48} my={3} />
            <Skeleton height={10} width={150} my={3} />
          </div>
        </div>
      ))}
    </div>
  );
}
