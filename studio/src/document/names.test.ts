import { check } from "@parley/shared/flow/check";
import { isNamedAfter, slug, usableName } from "@parley/shared/flow/naming";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { FreshNames, freshItem } from "./names.js";

describe("names", () => {
  it("names are such as the format takes, unique, whatever the text", () => {
    fc.assert(
      fc.property(
        fc.array(fc.oneof(fc.string({ unit: "grapheme" }), fc.constantFrom("12", "constructor", "prototype")), {
          maxLength: 8,
        }),
        (texts) => {
          const names = new FreshNames({ flow: { message: {} }, layout: {}, settings: {} });
          const given = texts.map((text) => names.state(slug(text), "message"));
          expect(new Set([...given, "message"]).size).toBe(given.length + 1);
          const flow = Object.fromEntries(
            given.map((name) => [name, { sendRequest: { kind: "BotText", content: "x" } }]),
          );
          expect(check(flow).filter(({ code }) => code === "bad-name")).toEqual([]);
          for (const [i, name] of given.entries()) {
            expect(isNamedAfter(name, usableName(slug(texts[i]!), "message"))).toBe(true);
          }
        },
      ),
      { numRuns: 500 },
    );
  });

  it("ids are unique among questions, text questions and what the page sets", () => {
    const names = new FreshNames({
      flow: {
        ask: { sendRequest: { kind: "ChoiceRequest", groupId: 1 } },
        text: { matchResponse: { kind: "UserText", sessionId: "name" } },
      },
      layout: {},
      settings: { variables: ["plan"] },
    });
    expect(["1", "name", "plan", "plan", ""].map((id) => names.id(id, "question"))).toEqual([
      "1-2",
      "name2",
      "plan2",
      "plan3",
      "question",
    ]);
    expect(freshItem("", new Set(["answer"]))).toBe("answer2");
  });
});
