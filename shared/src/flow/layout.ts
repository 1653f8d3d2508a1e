import { type Static, Type } from "typebox";

/**
 * What stands beside a flow in `<name>.layout.json`: the drawing, by state name. A flow runs without it, and a state that
 * it does not name is laid out by itself.
 */
export const LAYOUT_SCHEMA_ID = "https://parley.dev/schema/layout-1.json";

const closed = { additionalProperties: false };
const Point = Type.Object({ x: Type.Number(), y: Type.Number() }, closed);

/** Notes of one drawing, at most. */
export const MAX_NOTES = 1000;

export const NoteSchema = Type.Object(
  {
    id: Type.String({ minLength: 1, maxLength: 64 }),
    text: Type.String({ maxLength: 4000 }),
    /** Both absent: by the step of `state`, laid out by itself. */
    x: Type.Optional(Type.Number()),
    y: Type.Optional(Type.Number()),
    width: Type.Optional(Type.Number({ minimum: 1 })),
    height: Type.Optional(Type.Number({ minimum: 1 })),
    author: Type.Optional(Type.String({ maxLength: 100 })),
    /** ISO 8601. */
    at: Type.Optional(Type.String({ maxLength: 40 })),
    /** The state that it is about. */
    state: Type.Optional(Type.String({ maxLength: 1024 })),
    /** Whether what it says was seen to. */
    resolved: Type.Optional(Type.Boolean()),
  },
  closed,
);
export const GroupSchema = Type.Object(
  {
    id: Type.String({ minLength: 1, maxLength: 64 }),
    title: Type.String({ maxLength: 200 }),
    /** The states in it; its frame follows from where they are. */
    states: Type.Array(Type.String()),
  },
  closed,
);
export const LayoutSchema = Type.Object(
  {
    $schema: Type.Optional(Type.String()),
    positions: Type.Optional(Type.Record(Type.String(), Point)),
    notes: Type.Optional(Type.Array(NoteSchema, { maxItems: MAX_NOTES })),
    groups: Type.Optional(Type.Array(GroupSchema, { maxItems: 1000 })),
  },
  { $id: LAYOUT_SCHEMA_ID, title: "Parley flow layout", ...closed },
);

export type Point = Static<typeof Point>;
export type Note = Static<typeof NoteSchema>;
export type Group = Static<typeof GroupSchema>;
export type Layout = Static<typeof LayoutSchema>;
