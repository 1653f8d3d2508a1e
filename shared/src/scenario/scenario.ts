import { type Static, Type } from "typebox";
import { Value } from "typebox/value";
import { OUTCOMES } from "../message.js";
import { SCENARIO_SCHEMA_ID } from "./schema-id.js";

const closed = { additionalProperties: false };
const State = Type.String({ maxLength: 200, description: "A state name" });
/** The most steps of a test. */
export const MAX_SCENARIO_STEPS = 2_000;

const Expect = Type.Object(
  {
    expect: Type.String({ maxLength: 8 * 1024, description: "The words of the message, as they are read" }),
    state: Type.Optional(Type.String({ maxLength: 200, description: "The state that sends it" })),
    answers: Type.Optional(
      Type.Array(Type.String({ maxLength: 8 * 1024 }), { description: "The words of the answers it offers, in order" }),
    ),
  },
  closed,
);
const Say = Type.Object(
  {
    say: Type.String({ maxLength: 8 * 1024, description: "The words of the answer chosen, or the text typed" }),
    to: Type.Optional(
      Type.String({ maxLength: 200, description: "The state that asked; without it what waits, the newest first" }),
    ),
    item: Type.Optional(
      Type.String({ maxLength: 1024, description: "The itemId of the answer; its words may change" }),
    ),
  },
  closed,
);
const Over = Type.Object(
  {
    outcome: Type.Enum(OUTCOMES, { description: "How the hand-off that is open ends" }),
    to: Type.Optional(Type.String({ maxLength: 200, description: "The state that handed over" })),
  },
  closed,
);
const End = Type.Object({ ended: Type.Boolean({ description: "Whether the conversation has ended here" }) }, closed);

/**
 * A test of a flow: what is said to it, and what it is expected to say. It stands in `<name>.tests/<test>.json`, small
 * enough to be read and written by hand (SPEC, Scenarios).
 */
export const ScenarioSchema = Type.Object(
  {
    $schema: Type.Optional(Type.String()),
    title: Type.Optional(Type.String({ maxLength: 200 })),
    start: Type.Optional(State),
    variables: Type.Optional(
      Type.Record(Type.String({ maxLength: 100 }), Type.String({ maxLength: 8 * 1024 }), {
        maxProperties: 64,
        description: "What the page has said",
      }),
    ),
    from: Type.Optional(
      Type.String({ pattern: "^[0-9a-f]{40}$", description: "The conversation it was made from: erased with it" }),
    ),
    steps: Type.Array(Type.Union([Expect, Say, Over, End]), { maxItems: MAX_SCENARIO_STEPS }),
  },
  { $id: SCENARIO_SCHEMA_ID, title: "Parley scenario", ...closed },
);
export type Scenario = Static<typeof ScenarioSchema>;
export type ScenarioStep = Scenario["steps"][number];

/** Reads a test; a sentence says what is wrong with it. */
export function readScenario(json: unknown): { readonly scenario: Scenario } | { readonly wrong: string } {
  if (Value.Check(ScenarioSchema, json)) return { scenario: json };
  const [first] = Value.Errors(ScenarioSchema, json);
  const at = first?.instancePath ? ` at ${first.instancePath}` : "";
  return { wrong: `This is not a test${at}: ${first?.message ?? "it is of another shape"}.` };
}
