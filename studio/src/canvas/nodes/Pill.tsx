import type { Node, NodeProps } from "@xyflow/react";
import { memo } from "react";
import { useCanvas } from "../canvas-context.js";
import { KINDS } from "../kinds.js";
import { paintWords } from "../overlay-paint.js";
import type { StepData } from "../project.js";
import { entryY } from "../size.js";
import { stepWords } from "../step-words.js";
import { useAside } from "../use-aside.js";
import { useFar } from "../use-far.js";
import { useStepPaint } from "../use-paint.js";
import { Entry } from "./Entry.js";
import { Exit } from "./Exit.js";
import { MarksBadge } from "./MarksBadge.js";
import { PaintChips } from "./PaintChips.js";
import classes from "./Pill.module.css";
import { Stub } from "./Stub.js";

/** An answer as a step of its own, in the States view. */
export const Pill = memo(function Pill({ data, selected }: NodeProps<Node<StepData>>) {
  const far = useFar();
  const { graph, elementId } = useCanvas();
  const { step, marks } = data;
  const aside = useAside(step.id);
  const paint = useStepPaint(step.id);
  const { icon: Icon } = KINDS.answer;
  const [port] = step.ports;
  const y = entryY(step);
  return (
    <div
      id={elementId(step.id)}
      role="group"
      aria-roledescription="step"
      aria-label={[stepWords(step, marks, graph()), ...(paint ? paintWords(paint) : [])].join(", ")}
      className={classes.pill}
      data-selected={selected || undefined}
      data-broken={(marks?.problems ?? 0) > 0 || undefined}
      data-far={far || undefined}
      data-aside={aside || undefined}
      data-path={paint?.onPath || undefined}
      data-tested={paint?.tested === undefined ? undefined : paint.tested ? "yes" : "no"}
    >
      {paint !== undefined && <PaintChips paint={paint} />}
      <Entry step={step} far={far} />
      <Icon size={16} stroke={1.8} aria-hidden />
      <span className={classes.label} title={step.title.length > 24 ? step.title : undefined}>
        {step.title}
      </span>
      {marks !== undefined && <MarksBadge marks={marks} />}
      {port !== undefined && <Exit port={port.id} y={y} far={far} />}
      {!far && port !== undefined && port.to === undefined && <Stub step={step} port={port} y={y} />}
    </div>
  );
});
