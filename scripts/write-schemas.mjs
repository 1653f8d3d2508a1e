// Writes the published JSON Schemas from their definitions in shared. Run after a build, when a definition changed.
import { writeFileSync } from "node:fs";
import { LayoutSchema } from "../shared/dist/flow/layout.js";
import { FlowSchema } from "../shared/dist/flow/schema.js";
import { SettingsSchema } from "../shared/dist/flow/settings.js";
import { FramesSchema } from "../shared/dist/protocol/schema.js";
import { ScenarioSchema } from "../shared/dist/scenario/scenario.js";

const schemas = {
  flow: FlowSchema,
  layout: LayoutSchema,
  settings: SettingsSchema,
  frames: FramesSchema,
  scenario: ScenarioSchema,
};
for (const [name, schema] of Object.entries(schemas)) {
  const text = JSON.stringify({ $schema: "http://json-schema.org/draft-07/schema#", ...schema }, null, 2);
  writeFileSync(new URL(`../shared/schema/${name}-1.json`, import.meta.url), `${text}\n`);
}
