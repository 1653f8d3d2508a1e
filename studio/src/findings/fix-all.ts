import type { Finding } from "@parley/shared/flow/finding";
import { applyAll } from "../document/apply.js";
import type { Change } from "../document/change.js";
import { type CommandResult, refuse } from "../document/commands/command.js";
import { applyFix } from "../document/commands/fix.js";
import type { Draft } from "../document/draft.js";

/** Every fix of these findings, one after the other, as one step of undo. What is fixed along with another is left out. */
export function fixAll(draft: Draft, findings: readonly Finding[]): CommandResult {
  const changes: Change[] = [];
  let now = draft;
  let count = 0;
  for (const { fix } of findings) {
    if (fix === undefined) continue;
    const result = applyFix(now, { fix });
    if (result.changes.length === 0) continue;
    now = applyAll(now, result.changes).draft;
    changes.push(...result.changes);
    count += 1;
  }
  if (count === 0) return refuse("Nothing here can be fixed by itself.");
  return { changes, says: count === 1 ? "One was fixed." : `${count} were fixed.` };
}
