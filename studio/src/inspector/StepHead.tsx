import { Badge } from "@mantine/core";
import { IconFlagFilled } from "@tabler/icons-react";
import { ActionButton } from "../app/editor/ActionButton.js";
import { KINDS } from "../canvas/kinds.js";
import type { Step } from "../document/steps.js";
import { PanelHead } from "./PanelHead.js";

/** What kind of step it is, whether the conversation starts here, and what can be done with it as a whole. */
export function StepHead({ step }: { step: Step }) {
  const { label, icon, colour } = KINDS[step.kind];
  return (
    <PanelHead
      icon={icon}
      colour={colour}
      title={label}
      actions={
        <>
          {step.kind !== "answer" && step.kind !== "end-text" && <ActionButton id="start-here" />}
          <ActionButton id="duplicate" />
          <ActionButton id="delete" />
        </>
      }
    >
      {step.start && (
        <Badge
          bg="var(--parley-start-soft)"
          c="var(--parley-start)"
          leftSection={<IconFlagFilled size={11} aria-hidden />}
        >
          Start
        </Badge>
      )}
    </PanelHead>
  );
}
