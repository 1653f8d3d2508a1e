import type { Layout, Note, Point } from "@parley/shared/flow/layout";
import type { Settings } from "@parley/shared/flow/settings";
import fc from "fast-check";
import type { Change } from "./change.js";
import type { Draft, FlowJson, Json, Place } from "./draft.js";

/** Few names, so that they meet; some that JavaScript treats in its own way. */
const NAMES = ["ask", "go", "other", "end", "__proto__", "constructor", "12", "0", "$schema", "toString", "", "ä b"];
const IDS: readonly Json[] = ["lang", "go", "1", 1, "__proto__", "12", "a b"];

const name = fc.constantFrom(...NAMES);
const id = fc.constantFrom(...IDS);
const textId = id.map(String);
const text = fc.constantFrom(
  "Hello",
  "",
  "12",
  "Ja & nein",
  "{{lang}} and {{ go |x}}",
  "<b>{{1}}</b><a href='{{lang}}'>",
  "言語",
);
const junk: fc.Arbitrary<Json> = fc.constantFrom<Json[]>(null, 1, "x", [], {}, { next: "go" }, { sendRequest: [] });

/** An object of some of these fields, in any order. */
function fields(of: { readonly [key: string]: fc.Arbitrary<Json> }): fc.Arbitrary<Json> {
  return fc
    .shuffledSubarray(Object.keys(of), { minLength: Math.max(1, Object.keys(of).length - 1) })
    .chain((keys) => fc.tuple(...keys.map((key) => of[key]!.map((value): [string, Json] => [key, value]))))
    .map((entries) => Object.fromEntries(entries));
}
const kind = (...kinds: string[]) => fc.constantFrom(...kinds);
const choice = fc.oneof(
  { weight: 6, arbitrary: fields({ itemId: id, content: text }) },
  { weight: 1, arbitrary: junk },
);
const request = fc.oneof(
  fields({ kind: kind("BotText"), content: text }),
  fields({ kind: kind("ChoiceRequest"), groupId: id, question: text, choices: fc.array(choice, { maxLength: 4 }) }),
  fields({ kind: kind("StartChatSession"), sessionId: id, chatText: text, chatPrompt: text }),
  fields({ kind: kind("EndChatSession"), sessionId: id }),
  fields({ kind: kind("HandOff"), handOffId: id, queue: text, content: text, timeout: fc.constantFrom(60, 1.5, "x") }),
);
const match = fc.oneof(
  fields({ kind: kind("ChoiceResponse"), groupId: id, itemId: id }),
  fields({ kind: kind("UserText"), sessionId: id, content: text }),
  fields({ kind: kind("HandOffResult"), handOffId: id, outcome: fc.constantFrom("closed", "timeout", "else") }),
);
/** A question with answers to add to, to move and to take away. */
const question = fc.uniqueArray(id, { minLength: 2, maxLength: 4, selector: String }).map((ids): Json => {
  const choices = ids.map((itemId) => ({ itemId, content: "Go" }));
  return { sendRequest: { kind: "ChoiceRequest", groupId: "lang", question: "Which?", choices } };
});
const anyState: fc.Arbitrary<Json> = fc.oneof(
  { weight: 6, arbitrary: fields({ sendRequest: request, next: name }) },
  { weight: 6, arbitrary: fields({ matchResponse: match, next: name }) },
  { weight: 1, arbitrary: junk },
);

/** An object with these keys in the order that JavaScript gives them. */
const record = <Value>(value: fc.Arbitrary<Value>, maxLength: number): fc.Arbitrary<{ [key: string]: Value }> =>
  fc
    .uniqueArray(fc.tuple(name, value), { selector: ([key]) => key, maxLength })
    .map((entries) => Object.fromEntries(entries));

const point: fc.Arbitrary<Point> = fc.record({ x: fc.integer({ min: 0, max: 3 }), y: fc.constant(0) });
const note: fc.Arbitrary<Note> = fc.oneof<fc.Arbitrary<Note>[]>(
  fc.record({ id: textId, text, x: fc.constant(1), y: fc.constant(2) }),
  fc.record({ id: textId, text, state: name }),
  fc.record({ id: textId, text, state: name, resolved: fc.constant(true) }),
);
const group = fc.record({ id: textId, title: text, states: fc.array(name, { maxLength: 3 }) });
const layout: fc.Arbitrary<Layout> = fields({
  positions: record(point, 5) as fc.Arbitrary<Json>,
  notes: fc.array(note, { maxLength: 3 }) as fc.Arbitrary<Json>,
  groups: fc.array(group, { maxLength: 3 }) as fc.Arbitrary<Json>,
  $schema: fc.constant("x"),
}) as fc.Arbitrary<Layout>;
const settings: fc.Arbitrary<Settings> = fc.oneof(
  fc.constant({}),
  fields({ title: text, variables: fc.constant(["name"]), origins: fc.constant([]) }) as fc.Arbitrary<Settings>,
);

/** A flow with anything in it: few of them would pass `check`. */
export const anyFlow: fc.Arbitrary<FlowJson> = fc
  .tuple(record(anyState, 9), fc.option(question))
  .map(([flow, ask]) => (ask ? { ...flow, ask } : flow));
export const anyDraft: fc.Arbitrary<Draft> = fc.record({
  flow: anyFlow,
  layout: fc.oneof(fc.constant<Layout>({}), layout),
  settings,
});

const place: fc.Arbitrary<Place> = fc.oneof(
  fc.tuple(name),
  fc.tuple(name, kind("next", "sendRequest", "matchResponse", "__proto__")),
  fc.tuple(name, kind("sendRequest", "matchResponse"), kind("content", "groupId", "question", "choices", "kind")),
  fc.tuple(name, fc.constant("sendRequest"), fc.constant("choices"), fc.record({ item: textId })),
  fc.tuple(
    name,
    fc.constant("sendRequest"),
    fc.constant("choices"),
    fc.record({ item: textId }),
    kind("itemId", "content"),
  ),
);
const list: fc.Arbitrary<Place> = fc.oneof(name, fc.constant("ask")).map((name) => [name, "sendRequest", "choices"]);
const before = { before: name };

/** One change of any kind, most of them of places that are there. */
export const anyChange: fc.Arbitrary<Change> = fc.oneof(
  optional({ kind: fc.constant("addState" as const), name, state: anyState }, before),
  fc.record({ kind: fc.constant("removeState" as const), name }),
  fc.record({ kind: fc.constant("renameState" as const), from: name, to: name }),
  optional({ kind: fc.constant("moveState" as const), name }, before),
  fc.record({ kind: fc.constantFrom("renameGroup" as const, "renameChat" as const), from: textId, to: textId }),
  fc.record({ kind: fc.constant("renameItem" as const), group: textId, from: textId, to: textId }),
  optional({ kind: fc.constant("set" as const), at: place }, { value: fc.oneof(text, id, anyState, junk), ...before }),
  optional({ kind: fc.constant("addItem" as const), at: list, item: choice }, { before: textId }),
  fc.record({ kind: fc.constant("removeItem" as const), at: list, item: textId }),
  optional({ kind: fc.constant("moveItem" as const), at: list, item: textId }, { before: textId }),
  optional({ kind: fc.constant("place" as const), name }, { to: point, ...before }),
  note.chain((note) =>
    optional(
      { kind: fc.constant("note" as const), id: fc.constant(note.id) },
      { note: fc.constant(note), before: textId },
    ),
  ),
  group.chain((group) =>
    optional(
      { kind: fc.constant("group" as const), id: fc.constant(group.id) },
      { group: fc.constant(group), before: textId },
    ),
  ),
  optional(
    { kind: fc.constant("layout" as const), key: fc.constantFrom("groups" as const, "notes" as const) },
    { value: fc.constant<Json>([]), before: fc.constant("positions"), ifEmpty: fc.boolean() },
  ),
  optional(
    { kind: fc.constant("setting" as const), key: fc.constantFrom("title", "variables", "origins", "appearance") },
    { value: fc.oneof(text, fc.constant<Json>(["x"])), before: fc.constant("title") },
  ),
  fc.record({ kind: fc.constant("replace" as const), draft: anyDraft }),
);

function optional<Must, May>(
  must: { [Key in keyof Must]: fc.Arbitrary<Must[Key]> },
  may: { [Key in keyof May]: fc.Arbitrary<May[Key]> },
): fc.Arbitrary<Must & Partial<May>> {
  const model: fc.Arbitrary<unknown> = fc.record({ ...must, ...may }, { requiredKeys: Object.keys(must) as never[] });
  return model as fc.Arbitrary<Must & Partial<May>>;
}
