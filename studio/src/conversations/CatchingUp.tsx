import { Progress, Text } from "@mantine/core";
import { useEffect } from "react";
import classes from "./Area.module.css";

/** So often it is looked how far the server is; ms. */
const LOOK = 2_000;

type CatchingUpProps = {
  /** Per cent so far; undefined: nothing is missing. */
  so: number | undefined;
  /** Reads again what is shown. */
  reload: () => void;
};

/** Says of a list that it is not whole yet, how far it is, and looks again until it is. */
export function CatchingUp({ so, reload }: CatchingUpProps) {
  const behind = so !== undefined;
  useEffect(() => {
    if (!behind) return;
    const looks = setInterval(reload, LOOK);
    return () => clearInterval(looks);
  }, [behind, reload]);
  if (so === undefined) return null;
  return (
    <div className={classes.behind} role="status">
      <Text size="sm">
        <b>Conversations are still being gathered: {so} % so far.</b> Until then some are missing here, and no file can
        be downloaded. Visitors do not notice.
      </Text>
      <Progress value={so} size="sm" mt={8} aria-label="Gathered so far" />
    </div>
  );
}
