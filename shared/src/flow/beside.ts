import { Value } from "typebox/value";
import { type Layout, LayoutSchema } from "./layout.js";
import { type Settings, SettingsSchema } from "./settings.js";

/** Whether a value is what may stand beside a flow as its drawing. */
export const isLayout = (value: unknown): value is Layout => Value.Check(LayoutSchema, value);

/** Whether a value is what may stand beside a flow as its settings. */
export const isSettings = (value: unknown): value is Settings => Value.Check(SettingsSchema, value);
