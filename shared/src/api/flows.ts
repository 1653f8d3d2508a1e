import { type Static, Type } from "typebox";
import { LayoutSchema } from "../flow/layout.js";
import { SettingsSchema } from "../flow/settings.js";
import { Renames } from "./preview.js";

const closed = { additionalProperties: false };
const Time = Type.String({ description: "ISO 8601, UTC" });
const ID = "^[a-z0-9][a-z0-9-]{0,63}$";
export const FlowId = Type.String({ pattern: ID, description: "Stands in addresses: small letters, digits and -" });
export const TestName = Type.String({ pattern: ID });
const Title = Type.String({ minLength: 1, maxLength: 100 });
/** A flow as it stands, broken or not: state name → whatever is there. */
const FlowJson = Type.Record(Type.String(), Type.Unknown(), { description: "The flow; it may be broken" });
const TestJson = Type.Record(Type.String(), Type.Unknown(), { description: "A test, one JSON object" });
const From = Type.Union([Type.Literal("file"), Type.Literal("studio"), Type.Literal("cli")], {
  description: "Where it came from: a served file, the studio, or a program with an API token (parley publish)",
});

export const FlowSummary = Type.Object(
  {
    id: FlowId,
    title: Type.String({ description: "The title of the draft's settings, else the id" }),
    created: Time,
    archived: Type.Optional(Time),
    draft: Type.Object({
      etag: Type.String(),
      at: Time,
      by: Type.String(),
      asImported: Type.Boolean({ description: "Exported now it is the text it was imported with, byte for byte" }),
      unparsed: Type.Boolean({ description: "It holds text of the JSON view that is no flow" }),
    }),
    live: Type.Optional(Type.Object({ version: Type.Integer(), at: Time, by: Type.String(), from: From })),
    down: Type.Optional(
      Type.Object(
        { version: Type.Integer(), at: Time, by: Type.String() },
        { description: "It was taken down: the version that was live, when and by whom" },
      ),
    ),
    changed: Type.Boolean({ description: "The draft's flow or settings differ from what is live" }),
    file: Type.Optional(Type.String({ description: "The file that is served as this flow, by name" })),
    unpublished: Type.Integer({
      description: "Versions of its file that were not published, since the studio had been",
    }),
  },
  { $id: "FlowSummary" },
);
export type FlowSummary = Static<typeof FlowSummary>;
export const FlowList = Type.Object({ flows: Type.Array(FlowSummary) }, { $id: "FlowList" });
export type FlowList = Static<typeof FlowList>;

export const TemplateList = Type.Object(
  {
    templates: Type.Array(
      Type.Object({
        id: FlowId,
        name: Type.String({ description: "What it is for, in a few words" }),
        title: Type.String(),
        states: Type.Integer(),
        greeting: Type.String(),
      }),
    ),
  },
  { $id: "TemplateList" },
);
export type TemplateList = Static<typeof TemplateList>;

/** Without an id one is made of the title, or of the name of the file. */
export const NewFlow = Type.Object(
  {
    id: Type.Optional(FlowId),
    title: Type.Optional(Title),
    from: Type.Union([
      Type.Object({ kind: Type.Literal("blank") }, closed),
      Type.Object({ kind: Type.Literal("template"), template: FlowId }, closed),
      Type.Object(
        {
          kind: Type.Literal("file"),
          text: Type.String({
            description: "The text of the flow file, kept byte for byte until an edit; may be broken",
          }),
          name: Type.Optional(Type.String({ maxLength: 200 })),
          layout: Type.Optional(LayoutSchema),
          settings: Type.Optional(SettingsSchema),
          tests: Type.Optional(Type.Record(TestName, TestJson)),
        },
        closed,
      ),
    ]),
  },
  { $id: "NewFlow", ...closed },
);
export type NewFlow = Static<typeof NewFlow>;

/** The title is a setting of the draft; the id can change only while nothing was published. */
export const FlowChange = Type.Object(
  { id: Type.Optional(FlowId), title: Type.Optional(Title) },
  { $id: "FlowChange", minProperties: 1, ...closed },
);
export type FlowChange = Static<typeof FlowChange>;
export const Duplicate = Type.Object(
  { id: Type.Optional(FlowId), title: Type.Optional(Title) },
  { $id: "Duplicate", ...closed },
);
export type Duplicate = Static<typeof Duplicate>;

/** What the studio edits. `text` is the text of the JSON view while it is no flow; `flow` is then the last good one. */
export const Draft = Type.Object(
  { flow: FlowJson, layout: LayoutSchema, settings: SettingsSchema, text: Type.Optional(Type.String()) },
  { $id: "Draft", ...closed },
);
export type Draft = Static<typeof Draft>;
export const DraftToSave = Type.Object(
  { ...Draft.properties, renames: Type.Optional(Renames) },
  { $id: "DraftToSave", description: "What was renamed since is renamed in the flow's tests too", ...closed },
);
export type DraftToSave = Static<typeof DraftToSave>;
export const Saved = Type.Object(
  { state: Type.Integer(), etag: Type.String(), at: Time },
  { $id: "Saved", description: "The state that is current now" },
);
export type Saved = Static<typeof Saved>;

const Part = Type.Enum(["flow", "layout", "settings", "text"]);
export const DraftStates = Type.Object(
  {
    states: Type.Array(
      Type.Object({
        state: Type.Integer(),
        etag: Type.String(),
        at: Time,
        by: Type.String(),
        parts: Type.Array(Part, { description: "What differs from the state before it that is kept" }),
      }),
      { description: "Newest first. Old ones are thinned, and gone after 30 days" },
    ),
  },
  { $id: "DraftStates" },
);
export type DraftStates = Static<typeof DraftStates>;

export const TestList = Type.Object(
  { tests: Type.Array(Type.Object({ name: TestName, etag: Type.String(), at: Time, by: Type.String() })) },
  { $id: "TestList" },
);
export type TestList = Static<typeof TestList>;
export const TestDocument = Type.Record(Type.String(), Type.Unknown(), { $id: "TestDocument" });
export const SavedTest = Type.Object({ etag: Type.String() }, { $id: "SavedTest" });

const versionFields = {
  id: Type.String({ description: "The number of a published version, or u1, u2… of an unpublished one" }),
  version: Type.Optional(Type.Integer({ description: "Absent: not published" })),
  live: Type.Boolean(),
  digest: Type.String({ description: "SHA-256 of the flow as compact JSON" }),
  by: Type.String(),
  from: From,
  note: Type.String(),
  at: Time,
  against: Type.Optional(
    Type.Integer({ description: "Of an unpublished one: the version that was live when it came" }),
  ),
  back: Type.Optional(Type.Integer({ description: "It made this older version live again" })),
};
export const VersionList = Type.Object(
  { versions: Type.Array(Type.Object(versionFields), { description: "Newest first" }) },
  { $id: "VersionList" },
);
export type VersionList = Static<typeof VersionList>;
export const Version = Type.Object({ ...versionFields, flow: FlowJson, settings: SettingsSchema }, { $id: "Version" });
export type Version = Static<typeof Version>;
