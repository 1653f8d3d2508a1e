import { isObject, type JsonObject, own } from "../../flow/json.js";
import { firstUnits } from "../../text.js";
import { type Block, type Export, object, objects, type Target, text } from "./read-export.js";
import { BLOCK_NAMES } from "./report.js";
import type { Ways } from "./ways.js";

const MAX_NOTE = 4_000;
const MAX_LINE = 300;

/** What Typebot's users know a block as. */
export const blockName = (type: string): string =>
  BLOCK_NAMES[type] ?? (firstUnits(type.trim(), 60).replace(/^\p{Ll}/u, (c) => c.toUpperCase()) || "A block");

/** What a block was that has no like here, for the note that stands in its place. */
export function noteText(read: Export, place: number, ways: Ways): string {
  const block = read.blocks[place]!;
  const lines = [`${blockName(block.type)} (from Typebot)`, ...saysOf(read, block)];
  const targets = ways.itemTargets(place);
  for (const [n, item] of block.items.entries()) {
    const target = targets[n];
    const when = block.type === "AB test" ? `Way ${n + 1}` : conditionOf(read, item);
    if (when !== "" || target !== undefined) lines.push(`${when || `Case ${n + 1}`} → ${nameOf(read, target, place)}`);
  }
  const on = ways.after(place) ?? targets.find((target) => target !== undefined);
  lines.push(
    on === undefined ? "Here the conversation ends." : `Here it always goes on to ${nameOf(read, on, place)}.`,
  );
  return firstUnits(lines.map((line) => firstUnits(line, MAX_LINE)).join("\n"), MAX_NOTE);
}

function nameOf({ groups, blocks }: Export, target: Target | undefined, from: number): string {
  if (target === "nowhere") return "nothing";
  if (target === undefined || (target === from + 1 && blocks[target]!.group === blocks[from]!.group))
    return "what follows";
  return `“${groups[blocks[target]!.group]!.title || "a group without a title"}”`;
}

/** What its settings say, where a reader can do something with it. */
function* saysOf(read: Export, { type, content, options }: Block): Generator<string> {
  const variable = read.names.get(text(own(options, "variableId"))) ?? "";
  if (type === "Set variable") {
    const value = text(own(options, "expressionToEvaluate")) || text(own(options, "type"));
    yield `${variable || "A variable"} = ${value || "nothing"}`;
    return;
  }
  const address =
    text(own(content, "url")) || text(own(options, "url")) || text(own(object(own(options, "webhook")), "url"));
  // What is not an address may be the whole of a file.
  if (/^[a-z]{3,8}:\/\//i.test(address)) yield address;
  const seconds = own(options, "secondsToWaitFor");
  if (typeof seconds === "string" || typeof seconds === "number") yield `${seconds} seconds`;
  if (variable !== "") yield `Its answer was kept as ${variable}.`;
}

function conditionOf({ names }: Export, item: JsonObject): string {
  const content = object(own(item, "content"));
  const said = objects(own(content, "comparisons"))
    .slice(0, 20)
    .map((one) => {
      const name = names.get(text(own(one, "variableId"))) ?? "something";
      return `${name} ${text(own(one, "comparisonOperator")).toLowerCase() || "is"} ${quoted(own(one, "value"))}`.trim();
    });
  return said.length === 0 ? "" : `If ${said.join(own(content, "logicalOperator") === "OR" ? " or " : " and ")}`;
}

const quoted = (value: unknown): string =>
  isObject(value) || value === undefined || value === null || value === "" ? "" : `“${firstUnits(String(value), 80)}”`;
