import { Stack, Text } from "@mantine/core";
import { IconArrowNarrowRight } from "@tabler/icons-react";
import { ActionButton } from "../app/editor/ActionButton.js";
import { useEditor } from "../app/editor/desk.js";
import { portLabel } from "../canvas/project-parts.js";
import type { PortRef } from "../document/commands/command.js";
import { ActionRow } from "./ActionRow.js";
import { LeadsTo } from "./LeadsTo.js";
import { PanelHead } from "./PanelHead.js";
import { StepLinks } from "./StepLinks.js";

/** A connection: where it comes from, and where it leads. */
export function ConnectionPanel({ edge }: { edge: PortRef }) {
  const step = useEditor((state) => state.steps.byId.get(edge.step));
  if (step === undefined) return null;
  const answer = edge.port === "then" ? "" : portLabel(step, edge.port);
  return (
    <Stack gap="lg">
      <PanelHead
        icon={IconArrowNarrowRight}
        colour="select"
        title="Connection"
        actions={<ActionButton id="delete" />}
      />
      <div>
        <StepLinks title="From" steps={[step]} />
        {answer !== "" && (
          <Text size="sm" c="dimmed">
            by the answer ‘{answer}’
          </Text>
        )}
      </div>
      <LeadsTo from={edge} label="Leads to" />
      <ActionRow ids={["insert"]} />
    </Stack>
  );
}
