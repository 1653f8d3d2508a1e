import { type Static, Type } from "typebox";
import { MAX_VARIABLE_LENGTH, MAX_VARIABLES } from "./template.js";

/**
 * What stands beside a flow in `<name>.settings.json` and is published with it. States are pinned to the version a
 * conversation began with; settings follow what is live.
 */
export const SETTINGS_SCHEMA_ID = "https://parley.dev/schema/settings-1.json";
/** Settings as JSON, in bytes: they stand in one record of the control stream. */
export const MAX_SETTINGS_BYTES = 8 * 1024;

const closed = { additionalProperties: false };
export const SettingsSchema = Type.Object(
  {
    $schema: Type.Optional(Type.String()),
    title: Type.Optional(Type.String({ maxLength: 100, description: "Shown in the header of the widget" })),
    origins: Type.Optional(
      Type.Array(Type.String({ maxLength: 300 }), {
        maxItems: 50,
        description: 'Sites that may embed this flow, as "https://example.org"; "null" for sandboxed frames',
      }),
    ),
    appearance: Type.Optional(
      Type.Object(
        {
          color: Type.Optional(Type.String({ pattern: "^#[0-9a-fA-F]{6}$", description: "Brand colour" })),
          avatar: Type.Optional(Type.String({ maxLength: 300, description: "https address or path of a picture" })),
          greeting: Type.Optional(Type.String({ maxLength: 200, description: "Bubble beside the closed button" })),
          position: Type.Optional(Type.Union([Type.Literal("left"), Type.Literal("right")])),
          theme: Type.Optional(Type.Union([Type.Literal("auto"), Type.Literal("light"), Type.Literal("dark")])),
          locale: Type.Optional(
            Type.String({
              maxLength: 35,
              pattern: "^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$",
              description: "Language of the widget's own words, as de or pt-BR; without it that of the page",
            }),
          ),
          launcher: Type.Optional(
            Type.Union([Type.Literal("chat"), Type.Literal("question"), Type.Literal("avatar"), Type.Literal("none")], {
              description: "What is on the button; none: the page opens the conversation itself",
            }),
          ),
          pace: Type.Optional(Type.Union([Type.Literal("off"), Type.Literal("natural"), Type.Literal("slow")])),
          strings: Type.Optional(Type.Record(Type.String({ maxLength: 40 }), Type.String({ maxLength: 300 }))),
        },
        closed,
      ),
    ),
    limits: Type.Optional(
      Type.Object(
        {
          text: Type.Optional(
            Type.Integer({ minimum: 1, maximum: 4096, description: "Characters of one text of a visitor, at most" }),
          ),
          messages: Type.Optional(
            Type.Integer({
              minimum: 1,
              maximum: 100_000,
              description: "Messages of a visitor in one conversation, at most",
            }),
          ),
        },
        { ...closed, description: "What visitors may; a server's own limits hold as well" },
      ),
    ),
    variables: Type.Optional(
      Type.Array(Type.String({ maxLength: MAX_VARIABLE_LENGTH }), {
        maxItems: MAX_VARIABLES,
        description: "Names the page may set",
      }),
    ),
  },
  { $id: SETTINGS_SCHEMA_ID, title: "Parley flow settings", ...closed },
);

export type Settings = Static<typeof SettingsSchema>;
