import { Stack } from "@mantine/core";
import { IconCards } from "@tabler/icons-react";
import { ActionButton } from "../app/editor/ActionButton.js";
import { useEditor } from "../app/editor/desk.js";
import { ActionRow } from "./ActionRow.js";
import { PanelHead } from "./PanelHead.js";
import { StepLinks } from "./StepLinks.js";

/** Several things at once: which, and what can be done with all of them. */
export function ManyPanel({ selection }: { selection: readonly string[] }) {
  const { byId } = useEditor((state) => state.steps);
  const steps = selection.flatMap((id) => byId.get(id) ?? []);
  const all = steps.length === selection.length;
  return (
    <Stack gap="lg">
      <PanelHead
        icon={IconCards}
        colour="select"
        title={`${selection.length} ${all ? "steps" : "things"} selected`}
        actions={
          <>
            <ActionButton id="duplicate" />
            <ActionButton id="delete" />
          </>
        }
      />
      <ActionRow ids={["group", "ungroup", "tidy-selection", "delete-reconnect"]} />
      <ActionRow
        ids={[
          "align-left",
          "align-centre",
          "align-right",
          "align-top",
          "align-middle",
          "align-bottom",
          "align-across",
          "align-down",
        ]}
      />
      {steps.length > 0 && <StepLinks title={all ? "Steps" : "Steps among them"} steps={steps} />}
    </Stack>
  );
}
