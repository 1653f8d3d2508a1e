import { type Static, Type } from "typebox";
import { SettingsSchema } from "../flow/settings.js";
import { CatchingUp } from "./conversations.js";

const closed = { additionalProperties: false };
/** Of a version, in UTF-16 units: flow, settings and note have to fit into one record. */
export const MAX_NOTE = 500;
const Note = Type.String({ maxLength: MAX_NOTE });
const Over = Type.Integer({
  minimum: 0,
  description: "The version that is live as far as you know, 0 for none: where another is, nothing is done (409)",
});

/**
 * What becomes a version. `draft`: the draft named by If-Match. `file`: a flow as its file says it, and the settings
 * beside it; absent, those of the draft. `version`: an older one once more, as a new version.
 */
export const Publish = Type.Object(
  {
    from: Type.Union([
      Type.Object({ kind: Type.Literal("draft") }, closed),
      Type.Object({ kind: Type.Literal("file"), text: Type.String(), settings: Type.Optional(SettingsSchema) }, closed),
      Type.Object({ kind: Type.Literal("version"), version: Type.Integer({ minimum: 1 }) }, closed),
    ]),
    over: Over,
    note: Note,
  },
  { $id: "Publish", ...closed },
);
export type Publish = Static<typeof Publish>;

const Finding = Type.Object({
  code: Type.String(),
  severity: Type.Union([Type.Literal("error"), Type.Literal("warning")]),
  state: Type.Optional(Type.String()),
  pointer: Type.String({ description: "JSON pointer into the flow" }),
  message: Type.String({ description: "One sentence with names and ids" }),
  plain: Type.String({ description: "The same in a designer's words" }),
});
/** Places where conversations wait, in one answer. */
export const MOST_WAITS = 50;
/** Not more of them are listed. */
export const MOST_FINDINGS = 100;
export const Findings = Type.Array(Finding, { maxItems: MOST_FINDINGS });
export type Findings = Static<typeof Findings>;

export const Published = Type.Object(
  {
    version: Type.Integer(),
    at: Type.String({ description: "ISO 8601, UTC" }),
    hints: Findings,
  },
  { $id: "Published", description: "The version that is live now, and what may be meant otherwise in it" },
);
export type Published = Static<typeof Published>;

export const Unpublish = Type.Object({ over: Over, note: Type.Optional(Note) }, { $id: "Unpublish", ...closed });

export const Running = Type.Object(
  {
    catchingUp: Type.Optional(CatchingUp),
    versions: Type.Array(
      Type.Object({
        version: Type.Integer(),
        running: Type.Integer({ description: "Conversations that wait for their visitor" }),
        waits: Type.Array(Type.Object({ state: Type.String(), running: Type.Integer() }), {
          description: "Where they wait, by the name of the state in that version, those with most first; at most 50",
        }),
      }),
      { description: "Newest first; versions that nobody is on are left out" },
    ),
  },
  { $id: "Running" },
);
export type Running = Static<typeof Running>;

export const Visitors = Type.Object(
  {
    url: Type.String({ description: "Where the widget and its test page are, as visitors reach them; ends with /" }),
    loopback: Type.Boolean({ description: "Only this machine can open it" }),
  },
  { $id: "Visitors" },
);

export const RefusedOrigins = Type.Object(
  {
    origins: Type.Array(
      Type.Object({
        origin: Type.String({ description: "Scheme, host in ASCII and port" }),
        count: Type.Integer(),
        at: Type.String({ description: "ISO 8601, UTC: the last time" }),
      }),
      { description: "Newest first, at most 20; those that are allowed by now are left out" },
    ),
  },
  { $id: "RefusedOrigins", description: "Pages that wanted to show this flow of late, and may not" },
);
export type RefusedOrigins = Static<typeof RefusedOrigins>;
