import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { applyFix } from "./flow/change.js";
import { check } from "./flow/check.js";
import { compile } from "./flow/compile.js";
import { FINDING_CODES, type Finding } from "./flow/finding.js";
import { readFlow } from "./flow/read.js";
import { type RichNode, richText, type Where } from "./flow/rich-text.js";
import type { RequestMessage } from "./message.js";
import { buildFlow, VARIABLES } from "./testing/build-flow.js";
import { damagedFlows, damagedFlowsOfPeople } from "./testing/damage.js";
import { hostilePlans, plans, plansOfPeople } from "./testing/plan.js";
import { acts, visit } from "./testing/visit.js";
import { jsonBytes } from "./text.js";

const settings = { variables: VARIABLES };
const options = (numRuns: number) => ({ numRuns, seed: 20260 });

describe("check and readFlow", () => {
  it("never throw for a damaged flow; each finding comes up, and no finding too, at least 20 times", () => {
    const came = new Map<string, number>([...Object.keys(FINDING_CODES), "no finding"].map((code) => [code, 0]));
    fc.assert(
      fc.property(fc.oneof(damagedFlows, damagedFlowsOfPeople), ({ value, text }) => {
        expect(readFlow(JSON.stringify(value), settings).findings.map(place)).toEqual(
          check(value, settings).map(place),
        );
        const { findings } = readFlow(text, settings);
        const codes = findings.length > 0 ? new Set(findings.map(({ code }) => code)) : ["no finding"];
        for (const code of codes) came.set(code, came.get(code)! + 1);
      }),
      options(2200),
    );
    const counts = [...came].map(([code, times]) => `${code} ${times}`).join(", ");
    for (const [code, times] of came) expect(times, `${code} of: ${counts}`).toBeGreaterThanOrEqual(20);
  });

  it("find no error in what the grammar builds, and only the warnings it plans", () => {
    const planned = ["number-id", "group-reused", "question-with-next", "no-other-text", "chat-never-closed"];
    fc.assert(
      fc.property(fc.oneof(plans, plansOfPeople), (plan) => {
        const codes = check(buildFlow(plan), settings).map(({ code }) => code);
        expect(codes.filter((code) => !planned.includes(code))).toEqual([]);
      }),
      options(500),
    );
    fc.assert(
      fc.property(hostilePlans, (plan) => {
        const errors = check(buildFlow(plan), settings).filter(({ severity }) => severity === "error");
        expect(errors).toEqual([]);
      }),
      options(300),
    );
  });

  it("never throw for any value or text", () => {
    const anything = fc.anything({
      withBigInt: true,
      withBoxedValues: true,
      withDate: true,
      withMap: true,
      withNullPrototype: true,
      withObjectString: true,
      withSet: true,
      withSparseArray: true,
      withTypedArray: true,
      withUnicodeString: true,
    });
    /** Anything, also where a flow has something. */
    const misfits = fc.oneof(
      anything,
      fc.dictionary(fc.string({ unit: "binary" }), anything),
      fc.dictionary(fc.string(), fc.record({ sendRequest: anything, matchResponse: anything, next: anything })),
      fc.record({
        a: fc.record({
          sendRequest: fc.record({
            kind: fc.constantFrom("BotText", "ChoiceRequest", "StartChatSession", "EndChatSession", "HandOff"),
            content: fc.oneof(anything, fc.constant("x".repeat(9_000))),
            groupId: anything,
            sessionId: anything,
            handOffId: anything,
            queue: anything,
            timeout: anything,
            question: anything,
            choices: fc.oneof(anything, fc.array(fc.record({ itemId: anything, content: anything }))),
          }),
          next: anything,
        }),
        b: fc.record({
          matchResponse: fc.record({
            kind: fc.constantFrom("ChoiceResponse", "UserText", "HandOffResult"),
            handOffId: anything,
            outcome: fc.oneof(anything, fc.constant("closed")),
            groupId: anything,
            itemId: anything,
            sessionId: anything,
            content: anything,
          }),
        }),
      }),
    );
    fc.assert(
      fc.property(misfits, (value) => {
        assertWellFormed(check(value));
        compile(value);
      }),
      options(600),
    );
    const cutTexts = fc
      .tuple(damagedFlows, fc.nat(), fc.string({ unit: "binary", maxLength: 3 }), fc.boolean())
      .map(([{ text }, at, put, cut]) => {
        const place = at % (text.length + 1);
        return text.slice(0, place) + put + (cut ? "" : text.slice(place));
      });
    const texts = fc.oneof(
      cutTexts,
      fc.string({ unit: "binary" }),
      fc.json(),
      fc.constantFrom("\ufeff{}", "[".repeat(70)),
    );
    fc.assert(
      fc.property(texts, (text) => {
        const { findings, at } = readFlow(text);
        assertWellFormed(findings);
        for (const { pointer } of findings) at(pointer);
      }),
      options(300),
    );
  });

  it("say with each finding where it is: a pointer to something that is there", () => {
    fc.assert(
      fc.property(damagedFlows, ({ text }) => {
        const { flow, findings, at } = readFlow(text, settings);
        for (const { pointer, state } of findings) {
          if (flow === undefined) continue;
          expect(at(pointer), pointer).toBeDefined();
          if (state !== undefined) expect(Object.keys(flow as object)).toContain(state);
        }
      }),
      options(300),
    );
  });

  it("each fix takes its finding away, and applying them all one after the other never throws", () => {
    let fixes = 0;
    fc.assert(
      fc.property(damagedFlows, ({ value }) => {
        const findings = check(value, settings);
        let all: unknown = value;
        for (const finding of findings) {
          if (!finding.fix) continue;
          fixes += 1;
          const before = JSON.stringify(value);
          const left = check(applyFix(value, finding.fix), settings);
          expect(left.filter((other) => same(other, finding))).toEqual([]);
          expect(JSON.stringify(value)).toBe(before);
          all = applyFix(all, finding.fix);
        }
        check(all, settings);
      }),
      options(500),
    );
    expect(fixes).toBeGreaterThan(200);
  });
});

const place = ({ code, pointer }: Finding): string => `${code} ${pointer}`;
/** A finding is the same as another when it says the same of the same place. */
const same = (one: Finding, other: Finding): boolean =>
  one.code === other.code && one.pointer === other.pointer && one.message === other.message;

function assertWellFormed(findings: readonly Finding[]): void {
  for (const { code, severity, message, plain } of findings) {
    expect(severity).toBe(FINDING_CODES[code]);
    expect(message).toMatch(/[.?]$/);
    expect(plain).toMatch(/[.?]$/);
  }
}

describe("F12", () => {
  it("[F12, P15] whatever is answered or set: the same elements and attributes, at most 8 KiB, nothing but the subset", () => {
    fc.assert(
      fc.property(hostilePlans, acts, (plan, acts) => {
        const program = compile(buildFlow(plan));
        for (const { effects } of visit([program], acts).runs) {
          for (const effect of effects) {
            if (effect.kind === "turn") continue;
            const empty = program.states.get(effect.state!)!.send!(() => "");
            expect(drawn(effect.message)).toEqual(drawn(empty));
            expect(jsonBytes(empty)).toBeLessThanOrEqual(8 * 1024);
            expect(jsonBytes(effect.message)).toBeLessThanOrEqual(8 * 1024);
          }
        }
      }),
      options(300),
    );
  });

  it("[F12] a message near 8 KiB stays within it, whatever its values", () => {
    const part = fc.constantFrom(
      "{{a}}",
      "{{b|x}}",
      "<",
      "&l",
      "\ud83d{{a}}\ude00",
      "\ude00",
      '"',
      "\n",
      "ü",
      "word ",
      "<b>{{a}}</b>",
    );
    const value = fc.oneof(
      fc.string({ unit: "binary", maxLength: 600, size: "max" }),
      fc.constantFrom("<", "\ud83d", "\ude00"),
    );
    fc.assert(
      fc.property(fc.array(part, { minLength: 1, maxLength: 12 }), value, value, (parts, a, b) => {
        const once = parts.join("");
        const flow = (times: number) => ({ s: { sendRequest: { kind: "BotText", content: once.repeat(times) } } });
        let times = Math.floor((8 * 1024) / once.length);
        while (check(flow(times)).some(({ code }) => code === "too-large")) times = Math.floor(times * 0.95);
        const send = compile(flow(times)).states.get("s")!.send!;
        expect(jsonBytes(send((id) => (id === "a" ? a : b)))).toBeLessThanOrEqual(8 * 1024);
      }),
      options(50),
    );
  });
});

const TAGS: Readonly<Record<Where, string>> = {
  choice: "b i em strong code",
  text: "b i em strong code u s pre br p ul ol li blockquote a img",
};
const ATTRIBUTES: Readonly<Record<string, string>> = { a: "href", img: "src alt width height" };

/** The elements and attributes of the rich texts of a message; fails for one outside the subset. */
function drawn(message: RequestMessage): unknown {
  const elements = (nodes: readonly RichNode[], where: Where): unknown[] =>
    nodes.flatMap((node) => {
      if ("text" in node) return [];
      expect(TAGS[where].split(" ")).toContain(node.tag);
      for (const [name, value] of Object.entries(node.attrs)) {
        expect((ATTRIBUTES[node.tag] ?? "").split(" ")).toContain(name);
        if (name === "href" || name === "src") expect(value).toMatch(/^(https?:\/\/|mailto:|tel:|\/(?![/\\]))/i);
      }
      return [[node.tag, node.attrs, elements(node.children, where)]];
    });
  const tree = (text: string | undefined, where: Where = "text") => elements(richText(text ?? "", where).tree, where);
  switch (message.kind) {
    case "BotText":
      return tree(message.content);
    case "ChoiceRequest":
      return [tree(message.question), message.choices.map((item) => [item.itemId, tree(item.content, "choice")])];
    case "StartChatSession":
      return [message.sessionId, tree(message.chatText)];
    case "EndChatSession":
      return message;
  }
}
