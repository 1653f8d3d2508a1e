import { findingKey, type PlacedFinding } from "../app/editor/shown-findings.js";
import classes from "./FindingList.module.css";
import { FindingRow } from "./FindingRow.js";

type FindingListProps = { label: string; shown: readonly PlacedFinding[]; small?: boolean };

/** Findings, one a row. */
export function FindingList({ label, shown, small = false }: FindingListProps) {
  const seen = new Map<string, number>();
  /** Two may be about the same in the same place. */
  const keyOf = ({ finding }: PlacedFinding): string => {
    const key = findingKey(finding);
    const count = seen.get(key) ?? 0;
    seen.set(key, count + 1);
    return `${key} ${count}`;
  };
  return (
    <ul className={classes.list} data-small={small || undefined} aria-label={label}>
      {shown.map((placed) => (
        <FindingRow key={keyOf(placed)} finding={placed.finding} goes={placed.place !== undefined} small={small} />
      ))}
    </ul>
  );
}
