import { Choice, MATCH_KINDS, REQUEST_KINDS } from "@parley/shared/flow/schema";
import type { JsonPlace } from "./json-place.js";
import type { Known } from "./known.js";

/** Something that fits a place of the text. */
export type Completion = {
  readonly label: string;
  readonly detail?: string;
  readonly info?: string;
  /** `key`: the value it begins with, as JSON with `#{}` where one writes. `value`: absent. */
  readonly begins?: string;
  /** A whole state's part, offered before its fields. */
  readonly whole?: boolean;
};

/** What is read of a schema. */
type Schema = {
  readonly properties?: Readonly<Record<string, object>>;
  readonly required?: readonly string[];
};
const KINDS: Readonly<Record<"sendRequest" | "matchResponse", Readonly<Record<string, Schema>>>> = {
  sendRequest: REQUEST_KINDS,
  matchResponse: MATCH_KINDS,
};

/** What fits a place, by the schema of the format and what the flow has. */
export function completionsAt(place: JsonPlace, known: Known): readonly Completion[] {
  const { path, around, at } = place;
  const depth = path.length;
  const part = path[1];
  if (at === "key") {
    if (depth === 0) return known.missing.map((label) => ({ label, detail: "is led to", begins: "{\n\t#{}\n}" }));
    if (depth === 1) return stateKeys(around);
    if (depth === 2 && isPart(part)) return fields(KINDS[part][around.get("kind") ?? ""], around);
    return depth === 4 && path[2] === "choices" ? fields(Choice, around) : [];
  }
  const inside = answersIn(place, known);
  if (inside !== undefined) return inside;
  if (depth === 2 && part === "next") return entries(known.states);
  if (depth === 3 && isPart(part)) return values(part, String(path[2]), around, known);
  return [];
}

const isPart = (part: unknown): part is keyof typeof KINDS => part === "sendRequest" || part === "matchResponse";

/** The fields of a state, each kind as a whole first. */
function stateKeys(around: JsonPlace["around"]): Completion[] {
  const keys: Completion[] = [];
  if (!around.has("sendRequest") && !around.has("matchResponse")) {
    for (const [key, kinds] of Object.entries(KINDS)) {
      for (const [kind, schema] of Object.entries(kinds)) {
        keys.push({ label: key, detail: kind, begins: whole(kind, schema), whole: true });
      }
    }
  }
  if (!around.has("next")) keys.push({ label: "next", info: "The state that follows", begins: '"#{}"' });
  return keys;
}

/** A message of a kind with the fields it must have. */
function whole(kind: string, { properties = {}, required = [] }: Schema): string {
  const lines = required.map((key) => `\t"${key}": ${key === "kind" ? `"${kind}"` : begin(properties[key])}`);
  return `{\n${lines.join(",\n")}\n}`;
}

const wordOf = (schema: object | undefined, key: "type" | "description"): string | undefined => {
  const value: unknown = schema && Reflect.get(schema, key);
  return typeof value === "string" ? value : undefined;
};
const begin = (schema: object | undefined): string =>
  wordOf(schema, "type") === "array" ? '[{ "itemId": "#{}", "content": "#{}" }]' : '"#{}"';

function fields(schema: Schema | undefined, around: JsonPlace["around"]): Completion[] {
  const { properties = {}, required = [] } = schema ?? { properties: { kind: {} }, required: ["kind"] };
  return Object.entries(properties)
    .filter(([key]) => !around.has(key))
    .map(([label, property]) => {
      const info = wordOf(property, "description");
      return {
        label,
        begins: begin(property),
        ...(info !== undefined && { info }),
        ...(!required.includes(label) && { detail: "if you like" }),
      };
    });
}

function values(
  part: keyof typeof KINDS,
  field: string,
  around: JsonPlace["around"],
  { groups, chats }: Known,
): Completion[] {
  if (field === "kind") return Object.keys(KINDS[part]).map((label) => ({ label }));
  if (field === "sessionId") return entries(chats);
  if (field === "groupId") return [...groups].map(([label, { title }]) => detailed(label, title));
  if (field === "itemId") return entries(groups.get(around.get("groupId") ?? "")?.items ?? new Map());
  return [];
}

const entries = (names: ReadonlyMap<string, string>): Completion[] =>
  [...names].map(([label, words]) => detailed(label, words));
const detailed = (label: string, words: string): Completion => (words === "" ? { label } : { label, detail: words });

const TEXTS: ReadonlySet<string | number> = new Set(["content", "question", "chatText", "chatPrompt"]);

/** Within `{{` of a text: what the visitor may have answered. Undefined: not there. */
function answersIn({ path, text }: JsonPlace, { groups, chats }: Known): Completion[] | undefined {
  if (path[1] !== "sendRequest" || !TEXTS.has(path.at(-1) ?? "") || !/\{\{[^{}|]*$/.test(text ?? "")) return undefined;
  return [...[...groups].map(([label, { title }]) => detailed(label, title)), ...entries(chats)];
}
