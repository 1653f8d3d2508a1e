import { type Action, canRun } from "../app/editor/action.js";
import type { Desk } from "../app/editor/desk.js";
import { keyLabel } from "../app/editor/keys.js";
import { KINDS } from "../canvas/kinds.js";
import type { StepGraph } from "../document/steps.js";
import type { ListOption } from "./SearchList.js";

/** A command, or a step to go to. */
export type Command = ListOption & ({ readonly action: Action } | { readonly step: string });

/** So many steps are offered: one types more to find the others. */
const MOST_STEPS = 30;
const HEADINGS: Readonly<Record<Action["group"], string>> = {
  Add: "Add",
  Edit: "Edit",
  Arrange: "Arrange",
  View: "View",
  Go: "Go to",
  File: "File",
};

/** Every action that can be done now, in the order of its group, for the list of commands. */
export function doable(desk: Desk, readOnly: boolean, mac: boolean): readonly (Command & { readonly text: string })[] {
  return Object.entries(HEADINGS).flatMap(([group, heading]) =>
    desk.actions
      .filter((action) => action.group === group && action.hidden !== true && canRun(action, desk, readOnly))
      .map((action) => {
        const keys = action.shown ?? action.keys?.[0];
        return {
          id: action.id,
          label: action.label,
          heading,
          action,
          ...(action.icon && { icon: action.icon }),
          ...(keys !== undefined && { keys: keyLabel(keys, mac) }),
          text: folded(`${action.label} ${heading} ${action.words ?? ""}`),
        };
      }),
  );
}

/** What fits the words: commands first by how their label begins, then steps by theirs. */
export function fittingCommands(
  commands: readonly (Command & { readonly text: string })[],
  graph: StepGraph,
  words: string,
): Command[] {
  const wanted = folded(words).split(/\s+/).filter(Boolean);
  const holds = (text: string) => wanted.every((word) => text.includes(word));
  const found = commands.filter(({ text }) => holds(text));
  if (wanted.length === 0) return found;
  const begins = ({ label }: Command) => folded(label).startsWith(wanted.join(" "));
  // A command that is called what was typed comes first: then it is one key away.
  const first = found.filter(begins).map((command) => ({ ...command, heading: "Best" }));
  const rest = found.filter((command) => !begins(command));
  const steps: Command[] = [];
  for (const { id, kind, title } of graph.steps) {
    if (steps.length >= MOST_STEPS) break;
    if (!holds(folded(`${title} ${id} ${KINDS[kind].label}`))) continue;
    const { icon, colour, label } = KINDS[kind];
    steps.push({ id: `step ${id}`, label: title, hint: label, icon, colour, heading: "Steps", step: id });
  }
  return [...first, ...rest, ...steps];
}

const folded = (text: string): string => text.normalize("NFKD").replace(/\p{M}/gu, "").toLocaleLowerCase();
