import { readFileSync } from "node:fs";
import { Ajv } from "ajv";
import { describe, expect, it } from "vitest";
import { FRAMES_SCHEMA_ID, FramesSchema } from "../protocol/schema.js";
import { ScenarioSchema } from "../scenario/scenario.js";
import { SCENARIO_SCHEMA_ID } from "../scenario/schema-id.js";
import { LAYOUT_SCHEMA_ID, LayoutSchema } from "./layout.js";
import { FLOW_SCHEMA_ID, FlowSchema } from "./schema.js";
import { SETTINGS_SCHEMA_ID, SettingsSchema } from "./settings.js";

const read = (path: string): object => JSON.parse(readFileSync(new URL(`../../../${path}`, import.meta.url), "utf8"));

describe("published schemas", () => {
  it.each([
    ["flow", FlowSchema, FLOW_SCHEMA_ID],
    ["layout", LayoutSchema, LAYOUT_SCHEMA_ID],
    ["settings", SettingsSchema, SETTINGS_SCHEMA_ID],
    ["frames", FramesSchema, FRAMES_SCHEMA_ID],
    ["scenario", ScenarioSchema, SCENARIO_SCHEMA_ID],
  ])(
    "[F11] %s-1.json is its definition, at its stable $id (node scripts/write-schemas.mjs writes it)",
    (name, schema, id) => {
      const { $schema: _, ...published } = read(`shared/schema/${name}-1.json`) as { $schema: string };
      expect(published).toEqual(JSON.parse(JSON.stringify(schema)));
      expect(published).toMatchObject({ $id: id });
    },
  );

  it("[F11] is usable in an editor: the reference flow is valid, an unknown field is not", () => {
    const validate = new Ajv({ strict: false }).compile(read("shared/schema/flow-1.json"));
    const flow = read("flows/bot-assistant.json");
    expect(validate(flow)).toBe(true);
    expect(validate({ a: { sendRequest: { kind: "BotText", content: "x", colour: "red" } } })).toBe(false);
    expect(validate({ a: { sendRequest: { kind: "Video", content: "x" } } })).toBe(false);
  });
});
