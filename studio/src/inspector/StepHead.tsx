import { Badge } from "@mantine/core";
import { IconFlagFilled } from "@tabler/icons-react";
import { memo } from "react";
import { ActionButton } from "../app/editor/ActionButton.js";
import { KINDS } from "../canvas/kinds.js";
import type { Step } from "../document/steps.js";
import { PanelHead } from "./PanelHead.js";

/** What kind of step it is, whether the conversation starts here, and what can be done with it as a whole. */
export const StepHead = memo(function StepHead({ kind, start }: { kind: Step["kind"]; start: boolean }) {
  const { label, icon, colour } = KINDS[kind];
  return (
    <PanelHead
      icon={icon}
      colour={colour}
      title={label}
      actions={
        <>
          {kind !== "answer" && kind !== "end-text" && <ActionButton id="start-here" />}
          <ActionButton id="duplicate" />
          <ActionButton id="delete" />
        </>
      }
    >
      {start && (
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
});
