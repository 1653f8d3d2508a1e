import { IconChecklist } from "@tabler/icons-react";
import type { Action } from "../app/editor/action.js";
import type { Desk } from "../app/editor/desk.js";
import type { Panel } from "../app/editor/panels.js";
import { placeOfFinding } from "../document/steps.js";
import { Findings } from "./Findings.js";
import { FindingsBadge } from "./FindingsBadge.js";
import { goToFinding } from "./go-to-finding.js";

/** Lists problems and hints. */
export const FINDINGS_PANEL: Panel = {
  id: "findings",
  title: "Problems",
  icon: IconChecklist,
  place: "bottom",
  Content: Findings,
  Badge: FindingsBadge,
};

/** The findings one can go to, in the order of the list; the problems first. */
function stops({ editor }: Desk) {
  const { findings, steps } = editor.getState();
  const placed = findings.filter((finding) => placeOfFinding(steps, finding) !== undefined);
  return [
    ...placed.filter(({ severity }) => severity === "error"),
    ...placed.filter(({ severity }) => severity !== "error"),
  ];
}

/** Goes to the next finding behind those of the selected step, or back; round at the end. */
function step(desk: Desk, by: 1 | -1): void {
  const { selection, steps } = desk.editor.getState();
  const all = stops(desk);
  const here = all.map((finding) => selection.includes(placeOfFinding(steps, finding)!.step));
  const from = by > 0 ? here.lastIndexOf(true) : here.indexOf(true);
  const next = from < 0 ? (by > 0 ? 0 : all.length - 1) : (from + by + all.length) % all.length;
  const finding = all[next];
  if (finding) goToFinding(desk, finding);
}

export const FINDING_ACTIONS: readonly Action[] = [
  {
    id: "next-finding",
    label: "Go to the next problem or hint",
    group: "Go",
    keys: ["f8"],
    where: "everywhere",
    words: "error warning finding",
    enabled: (desk) => stops(desk).length > 0,
    run: (desk) => step(desk, 1),
  },
  {
    id: "previous-finding",
    label: "Go to the problem or hint before",
    group: "Go",
    keys: ["shift+f8"],
    where: "everywhere",
    words: "error warning finding",
    enabled: (desk) => stops(desk).length > 0,
    run: (desk) => step(desk, -1),
  },
];
