import type { Ground } from "../ground.js";
import { placeFile, placeMemory } from "../workflow/place.js";
import { PLACES } from "../workflow/shared-log.js";
import { Workflow } from "../workflow/workflow.js";
import { measureLag } from "./lag.js";

/** Steps conversations: all of them, or its share where several processes have one log. */
export function stepping(ground: Ground): Workflow {
  const { log, shared, registry, metrics, now, tracer, overrides } = ground;
  const common = { log, registry, metrics, now, tracer, logger: ground.child("workflow") };
  const file = ground.file(PLACES);
  const workflow = new Workflow({
    ...common,
    places: overrides.places ?? (file === undefined ? placeMemory() : placeFile(file)),
    ...shared?.stepping(common.logger),
  });
  ground.ends(() => workflow.ended());
  measureLag(ground, "workflow", () => workflow.places);
  return workflow;
}
