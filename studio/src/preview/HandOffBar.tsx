import { Button, Text } from "@mantine/core";
import type { PreviewTrace } from "@parley/shared/api/preview";
import type { Outcome } from "@parley/shared/message";
import type { Step } from "../document/steps.js";
import classes from "./Preview.module.css";
import type { PreviewLink } from "./preview-link.js";

/** The ways in which a hand-over ends, as what one may choose. */
const ENDS: Readonly<Record<Outcome, string>> = {
  closed: "The person is done",
  unavailable: "Nobody is there",
  timeout: "Nobody comes in time",
};

/** While a hand-over waits: nobody is asked for a preview, so one chooses how it ends, and plays on. */
export function HandOffBar({ step, trace, link }: { step: Step; trace: PreviewTrace; link: PreviewLink | undefined }) {
  const ref = step.ref;
  if (ref === undefined) return null;
  const end = (outcome: Outcome) =>
    link?.move({ inputs: [...trace.inputs, { kind: "outcome", handOffId: ref, outcome, asked: step.id }] });
  return (
    <div className={classes.notice} data-tone="moment">
      <Text size="sm">A person would be asked now.</Text>
      {step.ports.map(({ id }) => {
        const outcome = id.slice(id.indexOf(":") + 1) as Outcome;
        return (
          <Button key={id} size="compact-sm" variant="default" onClick={() => end(outcome)}>
            {ENDS[outcome]}
          </Button>
        );
      })}
    </div>
  );
}
