import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { check } from "../flow/check.js";
import { compile } from "../flow/compile.js";
import type { Rename } from "../flow/rename.js";
import { type RecordedInput, recordings } from "../session/recording.js";
import { rerun } from "../session/rerun.js";
import { buildFlow } from "../testing/build-flow.js";
import { damagedFlows, flowsWithoutErrors } from "../testing/damage.js";
import { hostilePlans, plans, plansOfPeople } from "../testing/plan.js";
import { choice, flowFile, text } from "../testing/play.js";
import { acts, actsAndClocks, visit } from "../testing/visit.js";
import { answerStates, coverageOf } from "./coverage.js";
import { makeScenario, scenarioText } from "./make-scenario.js";
import { proposeScenarios } from "./propose.js";
import { renameScenario } from "./rename-scenario.js";
import { runScenario } from "./run-scenario.js";
import { readScenario, type Scenario } from "./scenario.js";

const flows = fc.oneof(fc.oneof(plans, hostilePlans).map(buildFlow), flowsWithoutErrors());
const worlds = [
  ["", flows, acts],
  [" of hand-offs", plansOfPeople.map(buildFlow), actsAndClocks],
] as const;
const options = (numRuns: number) => ({ numRuns, seed: 20265 });

type Flow = Record<string, Record<string, Record<string, unknown>>>;
const BOT = flowFile("bot-assistant") as Flow;
const INPUTS: RecordedInput[] = [
  { kind: "answer", message: choice("lang", "other"), asked: "langChoices" },
  { kind: "answer", message: text("langPreference", "Zig"), asked: "startLangPrefSession" },
  { kind: "answer", message: choice("others", "no"), asked: "anyOtherChoices" },
];
const made = (inputs = INPUTS): Scenario => {
  const { runs, session } = rerun(compile(BOT), { inputs });
  return makeScenario({ runs, ended: session.ended }, { title: "Zig" });
};
const on = (scenario: Scenario, change: (flow: Flow) => void = () => undefined) => {
  const flow = structuredClone(BOT);
  change(flow);
  return runScenario(compile(flow), scenario);
};

describe("a conversation saved as a test", () => {
  it("reads like one", () => {
    expect(scenarioText(made())).toBe(`{
  "$schema": "https://parley.dev/schema/scenario-1.json",
  "title": "Zig",
  "steps": [
    { "expect": "Hi, I'm Bot! Nice to meet you.", "state": "greetings" },
    { "expect": "What programming language do you use in your hobby projects?", "state": "langChoices", "answers": ["Rust", "Go", "Other"] },
    { "say": "Other", "to": "langChoices", "item": "other" },
    { "expect": "I enabled chat editor", "state": "startLangPrefSession" },
    { "say": "Zig", "to": "startLangPrefSession" },
    { "expect": "Any other?", "state": "anyOtherChoices", "answers": ["Yes", "No"] },
    { "say": "No", "to": "anyOtherChoices", "item": "no" },
    { "expect": "Great, thanks!", "state": "done" },
    { "ended": true }
  ]
}
`);
    expect(readScenario(JSON.parse(scenarioText(made())))).toEqual({ scenario: made() });
  });

  it.each(worlds)(
    "passes on its own flow%s, whatever was said, and fails on one that says otherwise",
    (_, flows, acts) => {
      let runs = 0;
      let failed = 0;
      fc.assert(
        fc.property(flows, flows, acts, (flow, other, acts) => {
          for (const recording of recordings(visit([compile(flow)], acts).records)) {
            const { runs: told, variables } = recording;
            const scenario = makeScenario({ runs: told, variables, ended: told.at(-1)!.ended });
            expect(readScenario(JSON.parse(scenarioText(scenario)))).toEqual({ scenario });
            // What the page says in the middle of a conversation is said before it in a test.
            if (!told.some(({ input }) => input?.kind === "variables")) {
              const result = runScenario(compile(flow), scenario);
              expect(result.failure).toBeUndefined();
              expect(
                result.inputs.map((input) => (input.kind === "answer" ? input.message.kind : input.outcome)),
              ).toEqual(
                told.flatMap(({ input }) =>
                  input?.kind === "answer" ? [input.message.kind] : input?.kind === "outcome" ? [input.outcome] : [],
                ),
              );
              runs += 1;
            }
            if (runScenario(compile(other), scenario).failure) failed += 1;
          }
        }),
        options(150),
      );
      expect(runs).toBeGreaterThan(100);
      expect(failed).toBeGreaterThan(50);
    },
  );
});

describe("a failing test says where, what was expected and what came", () => {
  it("of words that are other", () => {
    const result = on(made(), (flow) => {
      flow.done!.sendRequest!.content = "Good <b>bye</b>!";
    });
    const failure = { step: 7, message: "Something else is said.", expected: "Great, thanks!", came: "Good bye!" };
    expect(result.failure).toEqual({ ...failure, state: "done" });
    expect(result.inputs).toHaveLength(3);
  });

  it("of a message more, one less, and another step that says the same", () => {
    const more = on(made(), (flow) => {
      (flow.langChoiceOther as Record<string, unknown>).next = "extra";
      flow.extra = { sendRequest: { kind: "BotText", content: "Ah." }, next: "startLangPrefSession" as never };
    });
    expect(more.failure).toMatchObject({ step: 3, expected: "I enabled chat editor", came: "Ah." });
    const behind = on(made(), (flow) => {
      (flow.done as Record<string, unknown>).next = "extra";
      flow.extra = { sendRequest: { kind: "BotText", content: "Ah." } };
    });
    expect(behind.failure).toEqual({ step: 8, message: "Something more is said here.", came: "Ah.", state: "extra" });
    const less = on(made(), (flow) => delete (flow.greetings as Record<string, unknown>).next);
    expect(less.failure).toMatchObject({
      step: 1,
      message: "The conversation has ended before this.",
      state: "langChoices",
    });
    const elsewhere = on(made(), (flow) => {
      (flow.anyOtherNo as Record<string, unknown>).next = "done2";
      flow.done2 = flow.done!;
    });
    expect(elsewhere.failure).toMatchObject({ step: 7, expected: "done", came: "done2" });
  });

  it("of answers that are offered no more, lead nowhere, or answer something else", () => {
    const gone = on({ ...made(), steps: made().steps.filter((one) => "say" in one) }, (flow) => {
      const request = flow.langChoices!.sendRequest as { choices: { itemId: string }[] };
      request.choices = request.choices.filter(({ itemId }) => itemId !== "other");
    });
    expect(gone.failure).toEqual({
      step: 0,
      message: "“Other” is not offered here.",
      expected: "Other",
      came: "Rust · Go",
      state: "langChoices",
    });
    const nowhere = on(made(), (flow) => delete flow.langChoiceOther);
    expect(nowhere.failure).toMatchObject({ step: 2, message: "“Other” leads nowhere.", state: "langChoices" });
    const other = on({ steps: [{ say: "No", to: "anyOtherChoices" }] });
    expect(other.failure?.message).toBe("“No” answers “anyOtherChoices”, and “langChoices” waits here.");
    const offers = on(made(), (flow) => {
      (flow.langChoices!.sendRequest as { choices: unknown[] }).choices.reverse();
    });
    expect(offers.failure).toMatchObject({ step: 1, expected: "Rust · Go · Other", came: "Other · Go · Rust" });
  });

  it("of what is broken, and of a start that is gone", () => {
    const broken = on(made(), (flow) => {
      (flow.langChoiceOther as Record<string, unknown>).next = "nowhere";
    });
    expect(broken.failure).toMatchObject({ step: 2, state: "langChoiceOther" });
    expect(broken.failure?.message).toContain("“langChoiceOther”");
    expect(on({ start: "gone", steps: [] }).failure).toMatchObject({ step: 0, state: "gone" });
    expect(on({ start: "anyOtherChoices", steps: [{ say: "no" }, { ended: true }] }).failure).toBeUndefined();
    expect(on({ steps: [{ ended: true }] }).failure?.message).toBe("The conversation goes on here.");
    expect(on({ steps: [{ say: "Rust" }, { say: "no" }, { ended: false }] }).failure?.message).toBe(
      "The conversation has ended here.",
    );
  });

  it("of a hand-off that is not open, or ends in a way that nothing follows", () => {
    const flow = flowFile("invalid/outcome-without-match");
    const of = (steps: Scenario["steps"]) => runScenario(compile(flow), { steps });
    expect(of([{ outcome: "closed", to: "fetch" }, { expect: "Thank you for your visit." }, { ended: true }])).toEqual({
      path: ["hello", "fetch", "deskDone", "bye"],
      inputs: [{ kind: "outcome", handOffId: "desk", outcome: "closed", asked: "fetch" }],
    });
    expect(of([{ outcome: "closed" }, { outcome: "closed" }]).failure).toEqual({
      step: 1,
      message: "A hand-over ends, and nobody is waited for here.",
      state: "bye",
    });
    expect(of([{ outcome: "closed", to: "other" }]).failure?.message).toBe(
      "The hand-over of “other” ends, and “fetch” waits here.",
    );
    expect(of([{ say: "Hello?" }, { outcome: "timeout" }]).failure).toEqual({
      step: 1,
      message: "Nothing follows when nobody has come in time.",
      state: "fetch",
    });
  });

  it("by hand it needs words and nothing else; runs of which nothing is expected say what they like", () => {
    const steps = [{ say: " OTHER" }, { say: "Zig" }, { say: "no" }, { expect: "Great, thanks!" }, { ended: true }];
    expect(on({ steps }).failure).toBeUndefined();
    expect(readScenario({ steps })).toEqual({ scenario: { steps } });
    for (const wrong of [{}, { steps: [{ says: "x" }] }, [], { steps: [], x: 1 }]) {
      expect(readScenario(wrong)).toMatchObject({ wrong: expect.stringContaining("not a test") });
    }
  });
});

describe("proposed tests", () => {
  it("give every answer of bot-assistant, by the fewest words", () => {
    const { scenarios, unreached } = proposeScenarios(compile(BOT));
    expect(unreached).toEqual([]);
    const says = scenarios.map(({ steps }) => steps.flatMap((one) => ("say" in one ? [one.say] : [])));
    expect(says).toEqual([
      ["Rust", "Yes", "Go", "No"],
      ["Other", "Something else"],
    ]);
  });

  it.each(worlds)(
    "pass on the flow%s they were made of, and give every answer that any conversation comes to",
    (_, flows, acts) => {
      let answers = 0;
      fc.assert(
        fc.property(flows, acts, (flow, acts) => {
          const program = compile(flow);
          const { scenarios, unreached } = proposeScenarios(program);
          const results = scenarios.map((scenario) => runScenario(program, scenario));
          for (const { failure } of results) expect(failure).toBeUndefined();
          const { answers: share } = coverageOf(
            program,
            results.map(({ path }) => path),
          );
          expect(new Set(share.missing)).toEqual(new Set(unreached));
          answers += share.tested;
          // What somebody did come to is not among what is said not to be reached.
          for (const { effects } of visit([program], acts).runs) {
            const turn = effects.at(-1);
            if (turn?.kind === "turn" && turn.state !== undefined) expect(unreached).not.toContain(turn.state);
          }
          const unreachable = check(flow).flatMap(({ code, state }) => (code === "unreachable" ? [state] : []));
          if (unreachable.length === 0)
            expect(scenarios.length).toBeGreaterThan(answerStates(program).length > 0 ? 0 : -1);
        }),
        options(150),
      );
      expect(answers).toBeGreaterThan(300);
    },
  );

  it("are made of any draft, broken or not", () => {
    fc.assert(
      fc.property(damagedFlows, ({ value }) => {
        const program = compile(value);
        for (const scenario of proposeScenarios(program).scenarios) runScenario(program, scenario);
      }),
      options(200),
    );
  });
});

describe("a rename", () => {
  const renames: Rename[] = [
    { kind: "renameGroup", from: "lang", to: "language" },
    { kind: "renameItem", group: "language", from: "other", to: "else" },
    { kind: "renameState", from: "langChoices", to: "ask" },
  ];
  const groupOf = (state: string) => (state === "langChoices" ? "lang" : undefined);

  it("applies to tests too", () => {
    const renamed = renameScenario(made(), renames, groupOf);
    expect(renamed.steps.slice(1, 3)).toEqual([
      {
        expect: "What programming language do you use in your hobby projects?",
        state: "ask",
        answers: ["Rust", "Go", "Other"],
      },
      { say: "Other", to: "ask", item: "else" },
    ]);
    const flow = JSON.parse(
      JSON.stringify(BOT)
        .replaceAll('"lang"', '"language"')
        .replaceAll('"other"', '"else"')
        .replaceAll('"langChoices"', '"ask"'),
    );
    expect(runScenario(compile(flow), renamed).failure).toBeUndefined();
    expect(runScenario(compile(flow), made()).failure).toBeDefined();
  });

  it("of something else leaves it as it is", () => {
    const scenario = made();
    expect(renameScenario(scenario, [{ kind: "renameState", from: "x", to: "y" }], groupOf)).toBe(scenario);
  });
});
