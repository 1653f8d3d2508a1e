import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { CLOSED_WORDS } from "@parley/shared/protocol/closed-widget";
import { describe, expect, it } from "vitest";
import { STRINGS, type Strings, stringsFrom } from "./strings.js";

const here = import.meta.dirname;
const names = readdirSync(join(here, "languages")).map((file) => file.replace(".ts", ""));
const words = async (name: string) => (await import(`./languages/${name}.ts`)) as { STRINGS: Strings };

describe("the languages", () => {
  it("are those that the server and the build name", () => {
    expect(names.sort()).toEqual(Object.keys(CLOSED_WORDS).sort());
    const build = readFileSync(join(here, "../build.mjs"), "utf8");
    expect(build).toContain(`const LANGUAGES = ${JSON.stringify(Object.keys(CLOSED_WORDS)).replaceAll(",", ", ")};`);
  });

  it.each(names)("%s has every word, and calls the button as the closed widget does", async (name) => {
    const { STRINGS: own } = await words(name);
    expect(Object.keys(own).sort()).toEqual(Object.keys(STRINGS).sort());
    expect(Object.values(own).every((text) => text.trim() === text && text !== "")).toBe(true);
    expect(own.open).toBe(CLOSED_WORDS[name]![0]);
  });
});

describe("stringsFrom", () => {
  it("takes the last word on each, and only words that there are", () => {
    const strings = stringsFrom(STRINGS, { send: "Go", nonsense: "x", close: 7 }, undefined, {
      send: "Off",
      again: "",
    });
    expect(strings).toEqual({ ...STRINGS, send: "Off" });
    expect(stringsFrom(STRINGS, JSON.parse('{"__proto__":{"send":"x"},"constructor":"y"}'))).toEqual(STRINGS);
  });
});
