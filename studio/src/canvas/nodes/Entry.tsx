import { Handle, Position } from "@xyflow/react";
import type { CSSProperties } from "react";
import type { Step } from "../../document/steps.js";
import { ENTRY } from "../node-ids.js";
import { entryY, sizeOf } from "../size.js";
import classes from "./Entry.module.css";
import { Measured } from "./Measured.js";

/** Where edges come in. While one is drawn the whole card takes it. */
export function Entry({ step, far }: { step: Step; far: boolean }) {
  const y = entryY(step);
  if (far) return <Measured type="target" id={ENTRY} y={y} className={classes.entry} />;
  return (
    <Handle
      type="target"
      position={Position.Left}
      id={ENTRY}
      isConnectableStart={false}
      className={classes.entry ?? ""}
      style={{ top: y, "--entry": `${y}px`, "--height": `${sizeOf(step).height}px` } as CSSProperties}
    />
  );
}
