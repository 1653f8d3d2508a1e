import { isObject, type Json, type JsonObject, own } from "../../flow/json.js";
import { MAX_NESTING, MAX_STATES, measure } from "../../flow/measure.js";
import type { ImportRefusal } from "./report.js";

/** An export holds pictures and styles beside the conversation: more than a flow. In bytes of JSON. */
const MAX_BYTES = 10_000_000;
/** Groups, as many as a drawing has. */
const MAX_GROUPS = 1_000;
const VERSION = /^[3-6](?:\.\d+)?$/;

/** An export as it is read: whatever is of another shape than Typebot's is as if it were not there. */
export type Export = {
  readonly groups: readonly Group[];
  /** The blocks of all groups, one after the other. */
  readonly blocks: readonly Block[];
  readonly variables: readonly Variable[];
  /** What each variable is called, by its id. */
  readonly names: ReadonlyMap<string, string>;
  /** Where the conversation begins; undefined where nothing says so. */
  readonly start: Target | undefined;
  /** Other beginnings: a command, a reply that nothing expects. */
  readonly events: readonly { readonly type: string; readonly x: number; readonly y: number }[];
  readonly edges: Edges;
  readonly file: JsonObject;
};
/** `first` and `end`: its blocks among all. */
export type Group = {
  readonly title: string;
  readonly x: number;
  readonly y: number;
  readonly first: number;
  readonly end: number;
};
export type Block = {
  readonly id: string;
  readonly type: string;
  /** The place of its group. */
  readonly group: number;
  readonly content: JsonObject;
  readonly options: JsonObject;
  readonly items: readonly JsonObject[];
  readonly edge: string | undefined;
};
export type Variable = { readonly id: string; readonly name: string; readonly value: string | undefined };
/** A block by its place among all; "nowhere": an arrow to what is not in the file. */
export type Target = number | "nowhere";

/** Where blocks and groups are, by their ids. */
type Places = { readonly blocks: Map<string, number>; readonly groups: Map<string, { first: number; end: number }> };

/** Where arrows lead: by their ids, and by what they come from where that does not name them. */
export class Edges {
  readonly #byId = new Map<string, Target>();
  readonly #bySource = new Map<string, Target>();
  readonly #places: Places;

  constructor(raw: readonly JsonObject[], places: Places) {
    this.#places = places;
    for (const edge of raw) {
      const from = object(own(edge, "from"));
      const source = text(own(from, "blockId")) || text(own(from, "eventId"));
      const item = text(own(from, "itemId"));
      const target = this.target(object(own(edge, "to")));
      const id = text(own(edge, "id"));
      if (id !== "" && !this.#byId.has(id)) this.#byId.set(id, target);
      const key = JSON.stringify([source, ...(item ? [item] : [])]);
      if (source !== "" && !this.#bySource.has(key)) this.#bySource.set(key, target);
    }
  }

  /** What an arrow or a jump names: a block, else the first of a group. */
  target(to: JsonObject): Target {
    const block = this.#places.blocks.get(text(own(to, "blockId")));
    if (block !== undefined) return block;
    const group = this.#places.groups.get(text(own(to, "groupId")));
    return group === undefined || group.first === group.end ? "nowhere" : group.first;
  }

  /** @param sources the block, and the item of it if it is one's */
  of(id: string | undefined, ...sources: readonly string[]): Target | undefined {
    return (id === undefined ? undefined : this.#byId.get(id)) ?? this.#bySource.get(JSON.stringify(sources));
  }
}

/** Whether a JSON value is meant to be a Typebot export. No flow is: a state is no list. */
export const looksLikeTypebot = (value: unknown): boolean =>
  isObject(value) && Array.isArray(own(value, "groups")) && Array.isArray(own(value, "edges"));

/** Reads an export of Typebot 3 to 6. Total: what cannot be read is a refusal with its reason. */
export function readExport(value: unknown): Export | ImportRefusal {
  if (!isObject(value) || !looksLikeTypebot(value)) {
    return refusal(
      "not-typebot",
      "This is no Typebot export: it has no groups and edges. Export the bot from Typebot.",
    );
  }
  const { tooDeep, bytes } = measure(value);
  if (tooDeep) return refusal("too-deep", `This export is nested more than ${MAX_NESTING} deep: no bot is.`);
  if (bytes > MAX_BYTES) return refusal("too-large", "This export is too large: it may have 10 MB at most.");
  const version = own(value, "version") ?? "3";
  if (!VERSION.test(String(version))) {
    const named =
      typeof version === "string" || typeof version === "number" ? ` (${String(version).slice(0, 20)})` : "";
    return refusal("other-version", `This export is of a version${named} that cannot be read: 3 to 6 can.`);
  }
  const raw = objects(own(value, "groups"));
  if (raw.length > MAX_GROUPS) {
    return refusal("too-large", `This export has ${raw.length} groups: ${MAX_GROUPS} are the most that can be drawn.`);
  }
  const { groups, blocks, places } = readGroups(raw);
  const count = blocks.reduce((sum, { items }) => sum + Math.max(3, items.length + 1), 0);
  if (count > MAX_STATES) {
    return refusal("too-large", `This export has too many blocks: a flow has ${MAX_STATES} states at most.`);
  }
  const edges = new Edges(objects(own(value, "edges")), places);
  const variables = readVariables(value);
  const names = new Map(variables.map(({ id, name }) => [id, name]));
  return { groups, blocks, edges, variables, names, file: value, ...readEvents(value, blocks, edges) };
}

const refusal = (code: ImportRefusal["code"], message: string): ImportRefusal => ({ code, message });

function readGroups(raw: readonly JsonObject[]): { groups: Group[]; blocks: Block[]; places: Places } {
  const groups: Group[] = [];
  const blocks: Block[] = [];
  const places: Places = { blocks: new Map(), groups: new Map() };
  for (const one of raw) {
    const first = blocks.length;
    for (const block of objects(own(one, "blocks"))) {
      const id = text(own(block, "id"));
      if (id !== "" && !places.blocks.has(id)) places.blocks.set(id, blocks.length);
      blocks.push({
        id,
        type: text(own(block, "type")),
        group: groups.length,
        content: object(own(block, "content")),
        options: object(own(block, "options")),
        items: objects(own(block, "items")),
        edge: optional(own(block, "outgoingEdgeId")),
      });
    }
    const id = text(own(one, "id"));
    const end = blocks.length;
    if (id !== "" && !places.groups.has(id)) places.groups.set(id, { first, end });
    groups.push({ title: text(own(one, "title")).slice(0, 200), ...pointOf(one), first, end });
  }
  return { groups, blocks, places };
}

function readVariables(file: JsonObject): Variable[] {
  return objects(own(file, "variables")).flatMap((one) => {
    const name = text(own(one, "name")).trim();
    return name === "" ? [] : [{ id: text(own(one, "id")), name, value: optional(own(one, "value")) }];
  });
}

/** From version 6 on an event begins the conversation, before a block of its own group did. */
function readEvents(file: JsonObject, blocks: readonly Block[], edges: Edges): Pick<Export, "start" | "events"> {
  const events = objects(own(file, "events"));
  const start = events.find((event) => own(event, "type") === "start");
  const others = events.filter((event) => own(event, "type") !== "start");
  const rest = others.map((event) => ({ type: text(own(event, "type")), ...pointOf(event) }));
  if (start) return { start: edges.of(optional(own(start, "outgoingEdgeId")), text(own(start, "id"))), events: rest };
  const block = blocks.find(({ type }) => type === "start");
  return { start: block && edges.of(block.edge, block.id), events: rest };
}

function pointOf(value: JsonObject): { x: number; y: number } {
  const point = object(own(value, "graphCoordinates"));
  const [x = 0, y = 0] = ["x", "y"].map((axis) => {
    const at = own(point, axis);
    return typeof at === "number" && Number.isFinite(at) ? Math.round(Math.max(-FAR, Math.min(FAR, at))) : 0;
  });
  return { x, y };
}
/** Nothing is drawn further out. */
const FAR = 100_000;

/** A text, without the characters that marks in it are made of. */
export const text = (value: Json | undefined): string =>
  typeof value === "string" ? value.replace(MARK_CHARACTERS, "") : "";
const MARK_CHARACTERS = /[\uf8d0-\uf8db]/g;
const optional = (value: Json | undefined): string | undefined => text(value) || undefined;
export const object = (value: Json | undefined): JsonObject => (isObject(value) ? value : {});
export const objects = (value: Json | undefined): JsonObject[] => (Array.isArray(value) ? value.filter(isObject) : []);
