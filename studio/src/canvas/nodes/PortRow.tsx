import type { Severity } from "@parley/shared/flow/finding";
import { useBench } from "../../app/editor/desk.js";
import type { Port, Step } from "../../document/steps.js";
import { CARD } from "../../theme/theme.js";
import { OnCard, useWritingOn } from "../../writing/OnCard.js";
import { useCanvas } from "../canvas-context.js";
import type { PortPaint } from "../overlay-paint.js";
import { portLabel } from "../project-parts.js";
import { portWords } from "../step-words.js";
import { Exit } from "./Exit.js";
import classes from "./PortRow.module.css";
import { Stub } from "./Stub.js";

type RowProps = { step: Step; port: Port; y: number; mark: Severity | undefined; paint: PortPaint | undefined };

/** A way out with words: an answer, an expected text, anything else. */
export function PortRow({ step, port, y, mark, paint }: RowProps) {
  const { graph, elementId } = useCanvas();
  const inHand = useBench((bench) => bench.port?.step === step.id && bench.port.port === port.id);
  const writing = useWritingOn({ step: step.id, field: "port", port: port.id });
  const label = portLabel(step, port.id);
  return (
    <>
      <div
        id={elementId(step.id, port.id)}
        role="group"
        aria-label={portWords(step, port, graph())}
        className={classes.row}
        style={{ top: y - CARD.port / 2 }}
        data-kind={port.kind}
        data-port={port.id}
        data-mark={mark}
        data-path={paint?.taken || undefined}
        data-tested={paint?.tested === undefined ? undefined : paint.tested ? "yes" : "no"}
        data-in-hand={inHand || undefined}
      >
        <span
          className={classes.label}
          title={label.length > 28 ? label : undefined}
          data-empty={label === "" || undefined}
          data-written={writing !== undefined || undefined}
        >
          <OnCard step={step} at={writing}>
            {label || "Nothing written yet"}
          </OnCard>
        </span>
        {paint?.came !== undefined && <span className={classes.came}>{paint.came}</span>}
      </div>
      <Exit port={port.id} y={y} far={false} />
      {port.to === undefined && <Stub step={step} port={port} y={y} />}
    </>
  );
}
