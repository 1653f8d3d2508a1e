import { useShown } from "../app/editor/use-shown.js";
import { FindingRow } from "./FindingRow.js";
import classes from "./StepFindings.module.css";

/** What is wrong with one step. */
export function StepFindings({ step }: { step: string }) {
  const shown = useShown().filter(({ place }) => place?.step === step);
  if (shown.length === 0) return null;
  return (
    <ul className={classes.list} aria-label="Problems and hints of this step">
      {shown.map(({ finding }) => (
        <FindingRow key={`${finding.code} ${finding.pointer}`} finding={finding} goes small />
      ))}
    </ul>
  );
}
