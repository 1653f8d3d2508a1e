import { Loader } from "@mantine/core";
import classes from "./EditorSkeleton.module.css";

/** The frame of an editor while its flow is on the way. */
export function EditorSkeleton() {
  return (
    <div className={classes.frame}>
      <div className={classes.bar} />
      <div className={classes.canvas}>
        <Loader aria-label="Opening" />
      </div>
    </div>
  );
}
