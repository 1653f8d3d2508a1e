import { readdirSync, readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { check } from "../flow/check.js";
import { type FlowJson, isObject } from "../flow/json.js";
import { buildFlow } from "../testing/build-flow.js";
import { canonical } from "../testing/canonical.js";
import { damagedFlows } from "../testing/damage.js";
import { hostilePlans } from "../testing/plan.js";
import { scriptSteps, scripts } from "../testing/script.arbitrary.js";
import { makeFlow } from "./make-flow.js";
import { readScript } from "./read-script.js";
import { writeScript } from "./write-script.js";

/** `PARLEY_SEED=7` looks elsewhere. */
const options = (numRuns: number) => ({ numRuns, seed: Number(process.env.PARLEY_SEED ?? 20261) });
const EXAMPLES = readdirSync(new URL("../../../flows/", import.meta.url)).flatMap(
  (file) => /^([^.]+)\.json$/.exec(file)?.[1] ?? [],
);
const example = (name: string): FlowJson =>
  JSON.parse(readFileSync(new URL(`../../../flows/${name}.json`, import.meta.url), "utf8"));
const NOTHING = { states: new Set<string>(), ids: new Set<string>() };

const BOT = `Hi, I'm Bot! Nice to meet you.
What programming language do you use in your hobby projects?
- Rust
- Go
- Other
  I enabled chat editor [Type your preferred language here...]
Any other?
- Yes -> What programming language do you use in your hobby projects?
- No
  Great, thanks!`;

describe("a script of bot-assistant.json", () => {
  it("is that flow up to names and ids, its states in the same order, without a finding", () => {
    const { flow, findings } = readScript(BOT);
    const file = example("bot-assistant");
    expect(findings).toEqual([]);
    expect(check(flow)).toEqual([]);
    expect(canonical(flow)).toEqual(canonical(file));
    const kinds = (flow: FlowJson) =>
      Object.values(flow).map((state) => JSON.stringify(state).match(/"kind":"(\w+)"/)![1]);
    expect(kinds(flow)).toEqual(kinds(file));
  });

  it("is what the file is written as", () => {
    expect(writeScript(example("bot-assistant"))).toEqual({ text: BOT, left: [] });
  });
});

describe("any text", () => {
  it("is a flow that is written as a script which stays as it is [S10]", () => {
    fc.assert(
      fc.property(scripts, (text) => {
        const first = writeScript(readScript(text).flow);
        expect(first.left).toEqual([]);
        const again = readScript(first.text);
        expect(writeScript(again.flow).text).toBe(first.text);
        expect(canonical(again.flow)).toEqual(canonical(readScript(text).flow));
      }),
      options(3000),
    );
  });

  it.each(["{{{{q}}}}", "{{a {{q}} b}}", "{{{q}}}", "{{{{{{q}}}} {{r}}}}", "}}{{q}}{{", "{{ {q} }}"])(
    "with braces in braces leads to that step as well: %s [S10]",
    (words) => {
      const text = `${words}\nAgain?\n- Yes -> ${words}\n- No`;
      const { flow, findings } = readScript(text);
      expect(findings).toEqual([]);
      const { text: written, left } = writeScript(flow);
      expect(left).toEqual([]);
      expect(writeScript(readScript(written).flow)).toEqual({ text: written, left: [] });
      expect(canonical(readScript(written).flow)).toEqual(canonical(flow));
    },
  );

  it("never throws, and says which line each state is of", () => {
    fc.assert(
      fc.property(fc.oneof(scripts, fc.string({ unit: "binary", maxLength: 200 })), (text) => {
        const { flow, findings, lines } = readScript(text);
        const count = text.split(/\r\n|\r|\n/).length;
        expect([...lines.keys()]).toEqual(Object.keys(flow));
        for (const line of [...lines.values(), ...findings.map(({ line }) => line)]) {
          expect(line).toBeGreaterThanOrEqual(1);
          expect(line).toBeLessThanOrEqual(count);
        }
        expect(check(flow).filter(({ code }) => code === "bad-shape" || code === "bad-name")).toEqual([]);
      }),
      options(2000),
    );
  });
});

describe("any flow", () => {
  it("of what a script can say is the same flow again, up to names and ids [S10]", () => {
    fc.assert(
      fc.property(scriptSteps, (steps) => {
        const { flow } = makeFlow(steps, NOTHING);
        const { text, left } = writeScript(flow);
        fc.pre(left.every(({ code }) => code !== "answer"));
        expect(left).toEqual([]);
        const again = readScript(text).flow;
        expect(canonical(again), text).toEqual(canonical(flow));
      }),
      options(3000),
    );
  });

  it("with stars and brackets in it keeps them as they are, and what is bold or a link so [S10]", () => {
    const words = fc
      .array(
        fc.constantFrom(
          ...["**", "*", "a", " ", "\\", "\n", "<b>", "</b>", "-", "[", "](/b", "](/b)", ")", "(", "->", "&amp;"],
          ...["<ul>", "<li>", "</li>", "</ul>", "\n- ", "\n<ul><li>a</li></ul>", "<ul><li>- </li><li>b</li></ul>\n"],
          ...['<a href="/b?c&amp;d">', '<a href="/b(c)">', '<a href="b">', "</a>"],
        ),
        { minLength: 1, maxLength: 9 },
      )
      .map((parts) => `a${parts.join("")}a`);
    fc.assert(
      fc.property(words, (content) => {
        const flow: FlowJson = { a: { sendRequest: { kind: "BotText", content } } };
        const { text } = writeScript(flow);
        expect(canonical(readScript(text).flow), text).toEqual(canonical(flow));
      }),
      options(3000),
    );
  });

  it("with an answer that it cannot name stays as it is, where another question says its id another way", () => {
    const decomposed = "e\u0301";
    const flow: FlowJson = {
      a: {
        sendRequest: { kind: "ChoiceRequest", groupId: decomposed, question: "<b {x}", choices: [{ itemId: "y" }] },
      },
      b: {
        sendRequest: { kind: "StartChatSession", sessionId: "s", chatText: "\u00e9", chatPrompt: `{{${decomposed}}}` },
      },
    };
    const { text, left } = writeScript(flow);
    expect(left.map(({ code }) => code)).toContain("answer");
    expect(writeScript(readScript(text).flow).text).toBe(text);
  });

  it("however broken, is written as a script that stays as it is", () => {
    const flows = fc.oneof(
      damagedFlows.map(({ value }) => value).filter(isObject),
      hostilePlans.map((plan) => buildFlow(plan) as FlowJson),
    );
    fc.assert(
      fc.property(flows, (flow) => {
        const { text } = writeScript(flow);
        expect(writeScript(readScript(text).flow).text).toBe(text);
      }),
      options(1000),
    );
  });

  it.each(EXAMPLES)("of the examples stays what it is: %s", (name) => {
    const flow = example(name);
    const { text, left } = writeScript(flow);
    const again = readScript(text);
    expect(again.findings).toEqual([]);
    expect(writeScript(again.flow)).toEqual({ text, left: [] });
    if (left.length === 0) expect(canonical(again.flow)).toEqual(canonical(flow));
  });
});
