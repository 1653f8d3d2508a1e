import { readdirSync, readFileSync } from "node:fs";
import { Ajv } from "ajv";
import { describe, expect, it } from "vitest";

const read = (path: string): object => JSON.parse(readFileSync(new URL(`../../../${path}`, import.meta.url), "utf8"));
const validate = new Ajv({ strict: false }).compile(read("shared/schema/settings-1.json"));

describe("the settings' schema", () => {
  it("takes the settings of every example", () => {
    const names = readdirSync(new URL("../../../flows", import.meta.url)).filter((name) =>
      name.endsWith(".settings.json"),
    );
    expect(names.length).toBeGreaterThanOrEqual(6);
    for (const name of names) expect(validate(read(`flows/${name}`)), name).toBe(true);
  });

  it.each([
    {},
    { $schema: "https://parley.dev/schema/settings-1.json", title: "Help" },
    { origins: ["https://example.org", "null"] },
    { appearance: { color: "#a0B1c2", position: "left", pace: "off", strings: { send: "Send" } } },
    { appearance: { avatar: "/cat.png", greeting: "Hi" }, variables: ["name"] },
  ])("takes %j", (settings) => {
    expect(validate(settings)).toBe(true);
  });

  it.each([
    [],
    { titel: "Help" },
    { title: 5 },
    { title: "x".repeat(101) },
    { origins: "https://example.org" },
    { origins: Array.from({ length: 51 }, () => "https://example.org") },
    { appearance: { colour: "#000000" } },
    { appearance: { color: "red" } },
    { appearance: { color: "#12345" } },
    { appearance: { position: "top" } },
    { appearance: { pace: "fast" } },
    { appearance: { strings: { send: 5 } } },
    { variables: Array.from({ length: 65 }, (_, i) => `v${i}`) },
    { variables: [5] },
  ])("refuses %j", (settings) => {
    expect(validate(settings)).toBe(false);
  });
});

// Elsewhere a theme was a piece of a style sheet: CVE-2026-110847.
describe("[P15] [style injection] an appearance is made of values, none of which is a style", () => {
  const ATTACKS = [
    "#fff",
    "#ffffff;position:fixed",
    "#ffffff}</style><script>alert(1)</script>",
    "#ffffff\n",
    "url(https://evil.example/a.png)",
    "@import 'https://evil.example/a.css'",
    "var(--x)",
    "expression(alert(1))",
    "red",
    "rgb(0 0 0)",
    "\\23 ffffff",
  ];
  const { properties } = (
    read("shared/schema/settings-1.json") as { properties: Record<string, { properties: object }> }
  ).properties.appearance!;

  it.each(ATTACKS)("%j is no colour", (color) => expect(validate({ appearance: { color } })).toBe(false));

  it("no other value is one that a style is made of: all are a word of a list, or text and addresses", () => {
    const free = Object.keys(properties).filter((name) =>
      ATTACKS.some((attack) => validate({ appearance: { [name]: attack } })),
    );
    expect(free.sort()).toEqual(["avatar", "greeting", "locale"]);
  });
});
