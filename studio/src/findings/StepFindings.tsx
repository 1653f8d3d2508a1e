import { memo } from "react";
import { useShown } from "../app/editor/use-shown.js";
import { FindingList } from "./FindingList.js";

/** What is wrong with one step. */
export const StepFindings = memo(function StepFindings({ step }: { step: string }) {
  const shown = useShown().filter(({ place }) => place?.step === step);
  return shown.length === 0 ? null : <FindingList label="Problems and hints of this step" shown={shown} small />;
});
