import { IconPlus } from "@tabler/icons-react";
import type { Port, Step } from "../../document/steps.js";
import { useCanvas } from "../canvas-context.js";
import classes from "./Stub.module.css";

/** Where a way out leads nowhere: that the conversation ends, and a plus to go on. */
export function Stub({ step, port, y }: { step: Step; port: Port; y: number }) {
  const { next, readOnly } = useCanvas();
  return (
    <button
      type="button"
      tabIndex={-1}
      className={`${classes.stub} nodrag nopan`}
      style={{ top: y }}
      data-lost={!port.ends || undefined}
      aria-label={port.ends ? "Ends here. Add what follows" : "Leads nowhere. Add what follows"}
      disabled={readOnly()}
      onClick={(event) => next(step.id, port.id, event)}
    >
      <span>{port.ends ? "Ends here" : "Leads nowhere"}</span>
      <IconPlus size={14} aria-hidden />
    </button>
  );
}
