import type { Random } from "./random.js";

/** A JSON Schema as far as the interface's document uses them. */
type Schema = {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly Schema[];
  readonly allOf?: readonly Schema[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly patternProperties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: Schema | boolean;
  readonly required?: readonly string[];
  readonly items?: Schema;
};

const DEEPEST = 6;
/** What somebody tries where a text is expected. */
const TEXTS = [
  ...["", " ", "0", "-1", "null", "x".repeat(300), "x".repeat(70_000), "\u0000", "\ud800", "‮abc", "🎈".repeat(40)],
  ...["__proto__", "constructor", "toString", "../../etc/passwd", "..%2f..%2f", "%", "%00", "%c0%ae", "a/b", "a\\b"],
  ...[
    "<script>alert(1)</script>",
    "javascript:alert(1)",
    "{{name}}",
    "#{7*7}",
    "' OR 1=1 --",
    '";--',
    "*",
    "?",
    "#",
    "a\r\nb: c",
  ],
  ...["bot-assistant", "operator", "local", "1", "2026-01-01", "https://example.org/", "http://127.0.0.1/"],
];
const VALUES: readonly unknown[] = [
  null,
  true,
  false,
  0,
  -1,
  1.5,
  1e308,
  2 ** 53,
  [],
  {},
  [[]],
  "",
  { __proto__: null },
];

/** Draws requests: values as a schema wants them, and now and then as nobody wants them. */
export class Fuzzer {
  constructor(
    private readonly random: Random,
    private readonly schemas: Readonly<Record<string, Schema>>,
    /** How often something is not as it should be. */
    private readonly wrong = 0.12,
  ) {}

  text(): string {
    return this.random.pick(TEXTS);
  }

  any(): unknown {
    return this.random.chance(0.5) ? this.text() : this.random.pick(VALUES);
  }

  value(schema: Schema, deep = 0): unknown {
    const { random } = this;
    if (random.chance(this.wrong / (1 + deep)) || deep > DEEPEST) return this.any();
    if (schema.$ref !== undefined) return this.value(this.schemas[schema.$ref.split("/").at(-1)!] ?? {}, deep + 1);
    if ("const" in schema) return schema.const;
    if (schema.enum) return random.pick(schema.enum);
    if (schema.anyOf) return this.value(random.pick(schema.anyOf), deep + 1);
    if (schema.allOf) return Object.assign({}, ...schema.allOf.map((one) => this.value(one, deep + 1)));
    switch (Array.isArray(schema.type) ? random.pick(schema.type) : schema.type) {
      case "object":
        return this.#object(schema, deep);
      case "array":
        return Array.from({ length: random.int(0, 3) }, () => this.value(schema.items ?? {}, deep + 1));
      case "string":
        return this.text();
      case "integer":
      case "number":
        return random.pick([0, 1, 2, 7, 1_000, -1, 2 ** 31, 1.5]);
      case "boolean":
        return random.chance(0.5);
      case "null":
        return null;
      default:
        return this.any();
    }
  }

  #object({ properties = {}, patternProperties, additionalProperties, required = [] }: Schema, deep: number): unknown {
    const { random } = this;
    const entries = Object.entries(properties).flatMap(([name, own]) =>
      random.chance(required.includes(name) ? 0.95 : 0.5) ? [[name, this.value(own, deep + 1)] as const] : [],
    );
    const more =
      Object.values(patternProperties ?? {})[0] ??
      (typeof additionalProperties === "object" ? additionalProperties : undefined);
    if (more) entries.push([this.text().slice(0, 60), this.value(more, deep + 1)]);
    if (random.chance(this.wrong / 2)) entries.push([this.text().slice(0, 60), this.any()]);
    return Object.fromEntries(entries);
  }
}
