import type { Change } from "./change.js";
import { itemKey } from "./commands/command.js";

/** What a key of a selection is called after these changes. */
export function renamedItem(key: string, changes: readonly Change[]): string {
  return changes.reduce(
    (name, change) => (change.kind === "renameState" && change.from === name ? change.to : name),
    key,
  );
}

/**
 * The keys of what these changes were about, each once, by the names of after; of what is gone, too. Where states were
 * added, it is them: that others lead to them comes along.
 */
export function placesOf(all: readonly Change[]): string[] {
  const keys = new Set<string>();
  const adds = all.some(({ kind }) => kind === "addState");
  const changes = all.filter(({ kind }) => !adds || kind !== "set");
  changes.forEach((change, i) => {
    const key = placeOf(change);
    if (key !== undefined) keys.add(renamedItem(key, changes.slice(i)));
  });
  return [...keys];
}

function placeOf(change: Change): string | undefined {
  switch (change.kind) {
    case "addState":
    case "moveState":
    case "place":
      return change.name;
    case "renameState":
      return change.to;
    case "set":
    case "addItem":
    case "removeItem":
    case "moveItem":
      return typeof change.at[0] === "string" ? change.at[0] : undefined;
    case "note":
      return change.note && itemKey("note", change.id);
    case "group":
      return change.group && itemKey("group", change.id);
    default:
      return undefined;
  }
}
