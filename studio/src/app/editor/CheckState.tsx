import { Tooltip, UnstyledButton } from "@mantine/core";
import { IconAlertTriangleFilled, IconBulbFilled, IconCircleCheckFilled } from "@tabler/icons-react";
import { memo } from "react";
import { togglePanel } from "./bench.js";
import classes from "./CheckState.module.css";
import { useDesk } from "./desk.js";
import { PANELS } from "./panels.js";
import { useShown } from "./use-shown.js";

const count = (number: number, one: string) => `${number} ${one}${number === 1 ? "" : "s"}`;

/** How many problems and hints there are; opens their list. */
export function CheckState() {
  const shown = useShown();
  const problems = shown.filter(({ finding }) => finding.severity === "error").length;
  return <CheckCounts problems={problems} hints={shown.length - problems} />;
}

const CheckCounts = memo(function CheckCounts({ problems, hints }: { problems: number; hints: number }) {
  const { bench } = useDesk();
  const panel = PANELS.find(({ id }) => id === "findings");
  const words =
    problems + hints === 0
      ? "No problems"
      : [problems > 0 && count(problems, "problem"), hints > 0 && count(hints, "hint")].filter(Boolean).join(", ");
  const content = (
    <>
      {problems > 0 && (
        <span className={classes.count} data-severity="error">
          <IconAlertTriangleFilled size={16} aria-hidden /> {problems}
        </span>
      )}
      {hints > 0 && (
        <span className={classes.count} data-severity="warning">
          <IconBulbFilled size={16} aria-hidden /> {hints}
        </span>
      )}
      {problems + hints === 0 && (
        <span className={classes.count} data-severity="none">
          <IconCircleCheckFilled size={17} aria-hidden />
        </span>
      )}
    </>
  );
  return (
    <Tooltip label={words}>
      {panel === undefined ? (
        <span className={classes.check} role="img" aria-label={words}>
          {content}
        </span>
      ) : (
        <UnstyledButton
          className={classes.check}
          aria-label={words}
          onClick={() => togglePanel(bench, panel.place, panel.id)}
        >
          {content}
        </UnstyledButton>
      )}
    </Tooltip>
  );
});
