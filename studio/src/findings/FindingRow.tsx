import { Button, UnstyledButton } from "@mantine/core";
import type { Finding } from "@parley/shared/flow/finding";
import { IconAlertTriangleFilled, IconBulbFilled } from "@tabler/icons-react";
import { useDesk, useReadOnly } from "../app/editor/desk.js";
import classes from "./FindingRow.module.css";
import { goToFinding } from "./go-to-finding.js";
import { mendOf } from "./mend.js";

type FindingRowProps = {
  finding: Finding;
  /** It is about a step: one can go there. */
  goes: boolean;
  /** In the list of all, or beside its step. */
  small?: boolean;
};

/** One thing that is wrong, or likely to be: the sentence leads to it, and the button mends it where that is known. */
export function FindingRow({ finding, goes, small = false }: FindingRowProps) {
  const desk = useDesk();
  const readOnly = useReadOnly();
  const { severity, plain } = finding;
  const mending = mendOf(finding);
  const isProblem = severity === "error";
  const Icon = isProblem ? IconAlertTriangleFilled : IconBulbFilled;
  const mend = () => {
    const { draft, run } = desk.editor.getState();
    if (mending === undefined || readOnly) return;
    // One stays where one is, in the list or at the step.
    const { select: _select, ...result } = mending.mend(draft);
    run(result, mending.label);
  };
  const words = (
    <>
      <span className={classes.icon} role="img" aria-label={isProblem ? "Problem" : "Hint"}>
        <Icon size={15} aria-hidden />
      </span>
      <span>{plain}</span>
    </>
  );
  return (
    <li className={classes.row} data-severity={severity} data-small={small || undefined}>
      {goes ? (
        <UnstyledButton className={classes.words} data-finding onClick={() => goToFinding(desk, finding)}>
          {words}
        </UnstyledButton>
      ) : (
        <div className={classes.words}>{words}</div>
      )}
      {mending !== undefined && (
        <Button size="compact-sm" variant="light" className={classes.fix ?? ""} aria-disabled={readOnly} onClick={mend}>
          {mending.label}
        </Button>
      )}
    </li>
  );
}
