import type { DraftToSave } from "@parley/shared/api/flows";
import type { Rename } from "@parley/shared/flow/rename";
import { renameState } from "@parley/shared/flow/rename";
import { renameScenario } from "@parley/shared/scenario/rename-scenario";
import { readScenario } from "@parley/shared/scenario/scenario";
import type { Save } from "./drafts.js";
import type { FlowTests } from "./flow-tests.js";

/** Names what the draft has renamed otherwise in its tests too. What is no test, or names nothing of it, stays as it is. */
export function renameInTests(tests: FlowTests, flow: number, draft: DraftToSave, save: Save): void {
  const { renames = [] } = draft;
  if (renames.length === 0) return;
  for (const { name } of tests.list(flow)) {
    const read = readScenario(JSON.parse(tests.get(flow, name)!.data));
    if (!("scenario" in read)) continue;
    const renamed = renameScenario(read.scenario, renames, (state) => groupBefore(draft.flow, state, renames));
    if (renamed !== read.scenario) tests.put(flow, name, JSON.stringify(renamed), save);
  }
}

/** What the question of a state was called before the renames. */
function groupBefore(flow: DraftToSave["flow"], before: string, renames: readonly Rename[]): string | undefined {
  const now = renameState(before, renames);
  const state = Object.hasOwn(flow, now) ? (flow[now] as { sendRequest?: { groupId?: unknown } } | null) : undefined;
  const group = state?.sendRequest?.groupId;
  if (typeof group !== "string" && typeof group !== "number") return undefined;
  return renames.reduceRight(
    (name, rename) => (rename.kind === "renameGroup" && rename.to === name ? rename.from : name),
    String(group),
  );
}
