import type { Settings } from "@parley/shared/flow/settings";
import type { Draft, Json } from "../draft.js";
import type { CommandResult } from "./command.js";

/** Sets a key of the settings; absent `value` takes it away. */
export function setSetting<Key extends keyof Settings>(
  _draft: Draft,
  { key, value }: { readonly key: Key; readonly value?: Settings[Key] },
): CommandResult {
  return { changes: [{ kind: "setting", key, ...(value !== undefined && { value: value as Json }) }] };
}
