import type { Ground } from "../ground.js";
import { placeFile, placeMemory } from "../workflow/place.js";
import { sharedOver } from "../workflow/shared-log.js";
import { Workflow } from "../workflow/workflow.js";

/** Steps conversations: all of them, or its share where several processes have one log. */
export function stepping(ground: Ground): Workflow {
  const { log, shared, registry, metrics, now, overrides } = ground;
  const common = { log, registry, metrics, now, logger: ground.child("workflow") };
  const file = ground.file("workflow.json");
  const workflow = new Workflow({
    ...common,
    places: overrides.places ?? (file === undefined ? placeMemory() : placeFile(file)),
    ...(shared && sharedOver(shared, { ...common, folder: ground.folder! })),
  });
  ground.ends(() => workflow.ended());
  return workflow;
}
