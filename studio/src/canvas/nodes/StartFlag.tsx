import { IconFlag } from "@tabler/icons-react";
import { Handle, type NodeProps, Position } from "@xyflow/react";
import { memo } from "react";
import classes from "./StartFlag.module.css";

/** Where the conversation begins: dragged to another card it begins there. */
export const StartFlag = memo(function StartFlag({ dragging }: NodeProps) {
  return (
    <div className={classes.flag} data-dragging={dragging || undefined} title="Drag it to the step to start with">
      <IconFlag size={15} stroke={2} aria-hidden />
      Start
      <Handle type="source" position={Position.Right} id="out" isConnectable={false} className={classes.out ?? ""} />
    </div>
  );
});
