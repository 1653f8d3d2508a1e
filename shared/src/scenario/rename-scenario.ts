import { type Rename, renameItem, renameState } from "../flow/rename.js";
import type { Scenario, ScenarioStep } from "./scenario.js";

/**
 * A test with the names that a flow has after these renames; the same object where nothing of it is called otherwise.
 * @param groupOf the `groupId` that a state asked by, before the renames: answers are named by question
 */
export function renameScenario(
  scenario: Scenario,
  renames: readonly Rename[],
  groupOf: (state: string) => string | undefined,
): Scenario {
  const name = (state: string) => renameState(state, renames);
  const steps = scenario.steps.map((one): ScenarioStep => {
    if ("expect" in one) return one.state === undefined ? one : { ...one, state: name(one.state) };
    if ("outcome" in one) return one.to === undefined ? one : { ...one, to: name(one.to) };
    if (!("say" in one) || one.to === undefined) return one;
    const group = groupOf(one.to);
    const item = one.item === undefined || group === undefined ? one.item : renameItem(group, one.item, renames).itemId;
    return { ...one, to: name(one.to), ...(item !== undefined && { item }) };
  });
  const renamed: Scenario = {
    ...scenario,
    ...(scenario.start !== undefined && { start: name(scenario.start) }),
    steps,
  };
  return JSON.stringify(renamed) === JSON.stringify(scenario) ? scenario : renamed;
}
