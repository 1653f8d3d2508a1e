import type { Path } from "./pointer.js";

/** What is wrong with a value against its schema, at the narrowest place. */
export type ShapeProblem = { readonly path: Path; readonly problem: string };

/** The part of JSON Schema that the format is written in. `toPlan` refuses any other keyword. */
type Schema = {
  readonly type?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean | Schema;
  readonly anyOf?: readonly Schema[];
  readonly items?: Schema;
  readonly minItems?: number;
  readonly minLength?: number;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly minimum?: number;
  readonly maximum?: number;
};
const KEYWORDS = new Set([
  ...["type", "properties", "required", "additionalProperties", "anyOf", "items", "minItems", "minLength", "const"],
  ...["enum", "minimum", "maximum", "description", "title", "$id"],
]);

type ObjectPlan = { readonly fields: ReadonlyMap<string, Plan>; readonly required: readonly string[]; open: boolean };
type Plan =
  | { readonly is: "scalar"; readonly types: readonly string[]; readonly filled: boolean; readonly only: unknown }
  | { readonly is: "one of"; readonly values: readonly unknown[] }
  /** Whole numbers. */
  | { readonly is: "count"; readonly least: number; readonly most: number }
  | { readonly is: "array"; readonly items: Plan; readonly least: number }
  | { readonly is: "object"; readonly object: ObjectPlan }
  /** Objects told apart by their `kind`. */
  | { readonly is: "kinds"; readonly kinds: ReadonlyMap<string, ObjectPlan> }
  /** Objects told apart by the one key that only they require. */
  | { readonly is: "parts"; readonly parts: readonly string[]; readonly object: ObjectPlan };

/**
 * Makes a function that says what a schema refuses in a value: a walk of the schema's own objects, so that there is no
 * second definition, and no code is made from strings. Of a union it looks only at the member that was meant.
 */
export function shapeOf(schema: Schema): (value: unknown) => readonly ShapeProblem[] {
  const plan = toPlan(schema);
  return (value) => {
    const walk: Walk = { path: [], problems: undefined };
    explain(plan, value, walk);
    return walk.problems ?? NO_PROBLEMS;
  };
}

const NO_PROBLEMS: readonly ShapeProblem[] = [];

function toPlan(schema: Schema): Plan {
  for (const keyword of Object.keys(schema)) {
    if (!KEYWORDS.has(keyword)) throw new TypeError(`The shape check does not know the schema keyword "${keyword}"`);
  }
  if (schema.anyOf) return toUnion(schema.anyOf);
  if (schema.type === "object") return { is: "object", object: toObject(schema) };
  if (schema.type === "array" && schema.items) {
    return { is: "array", items: toPlan(schema.items), least: schema.minItems ?? 0 };
  }
  if (schema.type !== "integer" && (schema.minimum ?? schema.maximum) !== undefined) {
    throw new TypeError("The shape check knows bounds of whole numbers only");
  }
  if (schema.enum) return { is: "one of", values: schema.enum };
  if (schema.type === "integer") {
    const { minimum: least = Number.MIN_SAFE_INTEGER, maximum: most = Number.MAX_SAFE_INTEGER } = schema;
    return { is: "count", least, most };
  }
  return { is: "scalar", types: [schema.type ?? ""], filled: (schema.minLength ?? 0) > 0, only: schema.const };
}

function toObject(schema: Schema): ObjectPlan {
  const fields = Object.entries(schema.properties ?? {}).map(([name, field]) => [name, toPlan(field)] as const);
  return { fields: new Map(fields), required: schema.required ?? [], open: schema.additionalProperties !== false };
}

function toUnion(members: readonly Schema[]): Plan {
  const plans = members.map(toPlan);
  if (plans.every((plan) => plan.is === "scalar")) {
    const types = plans.flatMap((plan) => plan.types);
    return { is: "scalar", types, filled: plans.some((plan) => plan.filled), only: undefined };
  }
  const objects = plans.map((plan) => {
    if (plan.is !== "object") throw new TypeError("The shape check knows unions of objects and unions of scalars");
    return plan.object;
  });
  const kinds = objects.map((object) => object.fields.get("kind"));
  if (kinds.every((kind) => kind?.is === "scalar" && typeof kind.only === "string")) {
    const named = kinds.map((kind, i) => [kind?.is === "scalar" ? String(kind.only) : "", objects[i]!] as const);
    return { is: "kinds", kinds: new Map(named) };
  }
  const fields = new Map(objects.flatMap((object) => [...object.fields]));
  return { is: "parts", parts: objects.flatMap((o) => o.required), object: { fields, required: [], open: false } };
}

/** `path` is where the walk is now; it is copied only for a problem. */
type Walk = { readonly path: (string | number)[]; problems: ShapeProblem[] | undefined };

function explain(plan: Plan, value: unknown, walk: Walk): void {
  switch (plan.is) {
    case "scalar":
      return explainScalar(plan, value, walk);
    case "one of":
      if (!plan.values.includes(value)) say(walk, `must be one of ${listed(plan.values)}`);
      return;
    case "count":
      if (!Number.isInteger(value) || (value as number) < plan.least || (value as number) > plan.most) {
        say(walk, `must be a whole number from ${plan.least} to ${plan.most}`);
      }
      return;
    case "array":
      return explainArray(plan.items, plan.least, value, walk);
    case "object":
      return explainObject(plan.object, value, walk);
    case "kinds":
      return explainKind(plan.kinds, value, walk);
    case "parts":
      return explainParts(plan.parts, plan.object, value, walk);
  }
}

function explainScalar(plan: Plan & { is: "scalar" }, value: unknown, walk: Walk): void {
  const type = typeOf(value);
  if (!plan.types.includes(type)) say(walk, `must be ${plan.types.map(article).join(" or ")}, not ${article(type)}`);
  else if (plan.filled && value === "") say(walk, "must not be empty");
  else if (plan.only !== undefined && value !== plan.only) say(walk, `must be ${JSON.stringify(plan.only)}`);
}

function explainArray(items: Plan, least: number, value: unknown, walk: Walk): void {
  if (!Array.isArray(value)) return say(walk, `must be an array, not ${article(typeOf(value))}`);
  if (value.length < least) say(walk, `must have at least ${least === 1 ? "one element" : `${least} elements`}`);
  for (let i = 0; i < value.length; i++) {
    walk.path.push(i);
    explain(items, value[i], walk);
    walk.path.pop();
  }
}

function explainObject(plan: ObjectPlan, value: unknown, walk: Walk): void {
  if (!isFields(value)) return say(walk, `must be an object, not ${article(typeOf(value))}`);
  for (const name of plan.required) {
    if (!has(value, name)) say(walk, `lacks "${name}"`);
  }
  for (const name in value) {
    const field = plan.fields.get(name);
    if (value[name] === undefined || (!field && plan.open)) continue;
    walk.path.push(name);
    if (field) explain(field, value[name], walk);
    else say(walk, `is no field of the format${known(plan, value)}`);
    walk.path.pop();
  }
}

function explainKind(kinds: ReadonlyMap<string, ObjectPlan>, value: unknown, walk: Walk): void {
  if (!isFields(value)) return say(walk, `must be an object, not ${article(typeOf(value))}`);
  const oneOf = listed([...kinds.keys()]);
  if (!has(value, "kind")) return say(walk, `lacks "kind", one of ${oneOf}`);
  const object = typeof value.kind === "string" ? kinds.get(value.kind) : undefined;
  if (object) return explainObject(object, value, walk);
  walk.path.push("kind");
  say(walk, `must be one of ${oneOf}`);
  walk.path.pop();
}

function explainParts(parts: readonly string[], object: ObjectPlan, value: unknown, walk: Walk): void {
  if (isFields(value)) {
    const present = parts.filter((part) => has(value, part));
    if (present.length === 0) say(walk, `must have one of ${quotedList(parts)}`);
    if (present.length > 1) say(walk, `must have only one of ${quotedList(parts)}`);
  }
  explainObject(object, value, walk);
}

const listed = (values: readonly unknown[]): string => values.map((value) => JSON.stringify(value)).join(", ");

function say(walk: Walk, problem: string): void {
  walk.problems ??= [];
  walk.problems.push({ path: [...walk.path], problem });
}

/** The fields that might have been meant. */
function known(plan: ObjectPlan, value: Readonly<Record<string, unknown>>): string {
  const free = [...plan.fields.keys()].filter((name) => !has(value, name));
  return free.length > 0 ? ` (${quotedList(free)} could stand here)` : "";
}

const quotedList = (names: readonly string[]): string => names.map((name) => `"${name}"`).join(", ");

/** Numbers that JSON cannot write are no numbers here. */
function typeOf(value: unknown): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "array";
  if (typeof value === "number" && !Number.isFinite(value)) return "infinite number";
  return typeof value;
}
const article = (type: string): string =>
  type === "null" || type === "undefined" ? type : `${/^[aeio]/.test(type) ? "an" : "a"} ${type}`;

const has = (value: Readonly<Record<string, unknown>>, name: string): boolean =>
  Object.hasOwn(value, name) && value[name] !== undefined;
const isFields = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
