import { IconAlertTriangleFilled, IconBulbFilled } from "@tabler/icons-react";
import type { Marks } from "../../app/editor/shown-findings.js";
import classes from "./MarksBadge.module.css";

/** That something is wrong with a step, and what on hover. */
export function MarksBadge({ marks }: { marks: Marks }) {
  const { problems, hints, sentences } = marks;
  const Icon = problems > 0 ? IconAlertTriangleFilled : IconBulbFilled;
  return (
    <span className={classes.badge} data-severity={problems > 0 ? "error" : "warning"} title={sentences.join("\n")}>
      <Icon size={13} aria-hidden />
      {problems + hints > 1 && problems + hints}
    </span>
  );
}
