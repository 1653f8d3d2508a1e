import type { Finding } from "@parley/shared/flow/finding";
import { MAX_VARIABLES } from "@parley/shared/flow/template";
import { type CommandResult, refuse } from "../document/commands/command.js";
import { applyFix } from "../document/commands/fix.js";
import { setSetting } from "../document/commands/settings.js";
import type { Draft } from "../document/draft.js";

/** What one press does against a finding, and the words of its button. */
export type Mend = { readonly label: string; readonly mend: (draft: Draft) => CommandResult };

/** Undefined: it is mended by hand only. */
export function mendOf({ fix, variable }: Finding): Mend | undefined {
  if (fix !== undefined) return { label: fix.label, mend: (draft) => applyFix(draft, { fix }) };
  // Whether the page says it, or it is mistyped, only the designer knows: this is no part of "Fix all".
  if (variable !== undefined) return { label: "The page says it", mend: (draft) => declare(draft, variable) };
  return undefined;
}

/** A name that the page may set from now on. */
function declare(draft: Draft, name: string): CommandResult {
  const { variables = [] } = draft.settings;
  if (variables.includes(name)) return refuse("This has changed since it was found.");
  if (variables.length >= MAX_VARIABLES)
    return refuse(`The page may set ${MAX_VARIABLES} names, and there are as many.`);
  const result = setSetting(draft, { key: "variables", value: [...variables, name] });
  return { ...result, says: `The page may set ‘${name}’ now. The settings list such names.` };
}
