import { describe, expect, it } from "vitest";
import { factsOf } from "../flow/state-facts.js";
import { type ScriptCode, scriptFinding } from "./finding.js";
import { readScript } from "./read-script.js";

/** The steps of a script in short: words, and for each way on, its words and where it leads. */
function told(script: string): string[] {
  const { flow } = readScript(script);
  const facts = (name: string) => factsOf(flow[name]!);
  const words = (name: string | undefined) =>
    name === undefined ? "." : facts(name).text || `[${facts(name).prompt ?? ""}]`;
  return Object.keys(flow).flatMap((name) => {
    const { is, text, prompt, ref, next } = facts(name);
    const takers = Object.keys(flow).filter((other) => facts(other).is.endsWith("-match") && facts(other).ref === ref);
    if (is === "message") return [`${text} > ${words(next)}`];
    if (is === "question") {
      const items = facts(name).items.map(({ id, content }) => {
        const match = takers.find((taker) => facts(taker).item === id)!;
        return `${content} > ${words(facts(match).next)}`;
      });
      return [`${text}: ${items.join(", ")}`];
    }
    if (is !== "text") return [];
    const ways = takers.map((taker) => {
      const end = facts(taker).next!;
      return `${facts(taker).expected === undefined ? "*" : facts(taker).text} > ${words(facts(end).next)}`;
    });
    return [`${text}[${prompt ?? ""}]: ${ways.join(", ")}`];
  });
}

describe("lines", () => {
  it.each<[rule: string, script: string, steps: string[]]>([
    [
      "S1 each is a message, and leads to the next",
      "Hello\n\n  How are you?  \r\nBye",
      ["Hello > How are you?", "How are you? > Bye", "Bye > ."],
    ],
    ["S2 with answers below it, one is a question", "So?\n- Yes\n-   No \n-", ["So?: Yes > ., No > .,  > ."]],
    [
      "S2 answers may stand further right, with other dashes",
      "So?\n  * Yes\n  • No\n  – Well",
      ["So?: Yes > ., No > ., Well > ."],
    ],
    ["S2 a dash without a space is none", "So\n-5 °C", ["So > -5 °C", "-5 °C > ."]],
    [
      "S3 what is indented follows its answer, what is not follows all that lead nowhere else",
      "So?\n- Yes\n  Good\n- No\n- Well\n  Why?\n  - A\n    Ah\n  - B\nBye",
      ["So?: Yes > Good, No > Bye, Well > Why?", "Good > Bye", "Why?: A > Ah, B > Bye", "Ah > Bye", "Bye > ."],
    ],
    [
      "S3 a tab goes as far as four spaces",
      "So?\n- Yes\n\tGood\n    Really",
      ["So?: Yes > Good", "Good > Really", "Really > ."],
    ],
    ["S4 one with a placeholder asks for a text", "Who? [Your name]\nHi", ["Who?[Your name]: * > Hi", "Hi > ."]],
    ["S4 the placeholder may be all, or nothing", "[ Name ]\nWho? []", ["[Name]: * > Who?", "Who?[]: * > ."]],
    [
      "S4 a bracket within a word, or not at the end, is text",
      "list[0]\n[1] is first",
      ["list[0] > [1] is first", "[1] is first > ."],
    ],
    [
      "S4 an answer may ask at once",
      "So?\n- Other [Which?]\nBye",
      ["So?: Other > [Which?]", "[Which?]: * > Bye", "Bye > ."],
    ],
    [
      "S5 below a text there are expected ones, and * is any other",
      "Idea? [Here]\n- none\n- *\n  Thanks\nBye",
      ["Idea?[Here]: none > Bye, * > Thanks", "Thanks > Bye", "Bye > ."],
    ],
    [
      "S5 without *, any other text goes on",
      "Idea? [Here]\n- none\n  Oh\nBye",
      ["Idea?[Here]: none > Oh, * > Bye", "Oh > Bye", "Bye > ."],
    ],
    [
      "S6 an arrow leads to a step by its words",
      "A\nSo?\n- Yes -> a\n- No → C\nB\nC",
      ["A > So?", "So?: Yes > A, No > C", "B > C", "C > ."],
    ],
    [
      "S6 on a line of its own it is for all that lead nowhere else",
      "So?\n- Yes\n  A\n- No\n-> So?\nB",
      ["So?: Yes > A, No > So?", "A > So?", "B > ."],
    ],
    [
      "S6 without words the conversation ends there",
      "So?\n- Yes ->\n- No\nBye ->\nB",
      ["So?: Yes > ., No > Bye", "Bye > .", "B > ."],
    ],
    [
      "S6 #2 is the second that says so",
      "A\nSo?\n- Yes -> A #2\nA\nA #3",
      ["A > So?", "So?: Yes > A", "A > A #3", "A #3 > ."],
    ],
    [
      "S6 the beginning of the words is enough, where it is one step's alone",
      "One of 4: red?\nSo?\n- Yes -> one of 4",
      ["One of 4: red? > So?", "So?: Yes > One of 4: red?"],
    ],
    [
      "S1 words between two stars are bold; a star alone, one that is set apart and one after a backslash are stars",
      "Come **now, or** later\nIs **this** it?\n- **Yes**\nTwo ** three ** four\n5*6**7\n\\**so**",
      [
        "Come <b>now, or</b> later > Is <b>this</b> it?",
        "Is <b>this</b> it?: **Yes** > Two ** three ** four",
        "Two ** three ** four > 5*6**7",
        "5*6**7 > **so**",
        "**so** > .",
      ],
    ],
    [
      "S1 words in brackets with an address behind them are a link; other brackets are brackets",
      "See [our **new** page](https://a.example/?b=1&c=2), or [call](tel:1)\n[No](javascript:x) [a] (/b) [](/c) [d](//e) \\[f](/g)\nName, as [here](/h)? [Yours]",
      [
        'See <a href="https://a.example/?b=1&amp;c=2">our <b>new</b> page</a>, or <a href="tel:1">call</a> > [No](javascript:x) [a] (/b) [](/c) [d](//e) [f](/g)',
        '[No](javascript:x) [a] (/b) [](/c) [d](//e) [f](/g) > Name, as <a href="/h">here</a>?',
        'Name, as <a href="/h">here</a>?[Yours]: * > .',
      ],
    ],
    [
      "S1 further lines of a text that begin with - are a list, but for what stands for itself",
      "See:\\\n- **one**\\\n  - two\\\nand\\\n\\- three\\\n-four\\\n- \n\\\n- lone\nSo?\\\n- a\n- Yes",
      [
        "See:\n<ul><li><b>one</b></li><li>two</li></ul>\nand\n- three\n-four\n- > <ul><li>lone</li></ul>",
        "<ul><li>lone</li></ul> > So?\n<ul><li>a</li></ul>",
        "So?\n<ul><li>a</li></ul>: Yes > .",
      ],
    ],
    [
      "S6 words are those of the step with their marks as well",
      "**One** of [four](/a)\nSo?\n- A -> **One** of [four](/a)\n- B -> **One**…",
      [
        '<b>One</b> of <a href="/a">four</a> > So?',
        'So?: A > <b>One</b> of <a href="/a">four</a>, B > <b>One</b> of <a href="/a">four</a>',
      ],
    ],
    [
      "S7 several words may be the beginning of the one question that an answer is to, one word is a name of the page",
      "3 of 4: which? [Word]\nIs {{3 of 4}} right, {{3}}, {{3…|or}}?",
      [
        "3 of 4: which?[Word]: * > Is {{3Of-4Which}} right, {{3}}, {{3Of-4Which|or}}?",
        "Is {{3Of-4Which}} right, {{3}}, {{3Of-4Which|or}}? > .",
      ],
    ],
    [
      "S6 the beginning of the words and … is enough",
      "Hello there\nSo?\n- Yes -> hello…\n- No -> Hel...",
      ["Hello there > So?", "So?: Yes > Hello there, No > Hello there"],
    ],
    [
      "S6 markup does not count",
      "<b>Hi</b> you\nSo?\n- A -> Hi you\n- B -> <b>Hi</b> you",
      ["<b>Hi</b> you > So?", "So?: A > <b>Hi</b> you, B > <b>Hi</b> you"],
    ],
    [
      "S6 a text without words is led to by its placeholder",
      "[Name]\nSo?\n- Yes -> [Name]",
      ["[Name]: * > So?", "So?: Yes > [Name]"],
    ],
    [
      "S8 a backslash makes a mark text",
      "\\- A\n\\-> B\nC \\[d]\ne \\-> f\n\\\\ g\nC:\\dir",
      ["- A > -> B", "-> B > C [d]", "C [d] > e -> f", "e -> f > \\ g", "\\ g > C:\\dir", "C:\\dir > ."],
    ],
    ["S8 at the end of a line it breaks it", "A\\\n  B\\\n\\ C\nSo?\n- D\\\n  E", ["A\nB\n C > So?", "So?: D\nE > ."]],
  ])("%s", (_rule, script, steps) => {
    expect(told(script)).toEqual(steps);
    expect(readScript(script).findings).toEqual([]);
  });

  it("name an answer by the words of its question [S7]", () => {
    const { flow } = readScript(
      "Who? [Name]\nWhat is {{who?|it}}?\n- {{city}}\nHi {{Who?}}, {{What is …?}}, {{nobody}}",
    );
    expect(Object.keys(flow)).toEqual(["who", "whoText", "whoEnd", "whatIs", "whatIsAnswer", "hiNobody"].with(5, "hi"));
    expect(factsOf(flow.whatIs!).text).toBe("What is {{who|it}}?");
    expect(factsOf(flow.hi!).text).toBe("Hi {{who}}, {{whatIs}}, {{nobody}}");
  });

  it("give no question an id that a text takes for a name of the page [S7]", () => {
    const { flow } = readScript("Which city? [City]\nFrom {{whichCity}} to {{Which city?}}");
    expect(factsOf(Object.values(flow).at(-1)!).text).toBe("From {{whichCity}} to {{whichCity2}}");
  });

  it("give no name or id twice, or again [S9]", () => {
    const taken = { states: new Set(["hello", "so2"]), ids: new Set(["so"]) };
    expect(Object.keys(readScript("Hello\nHello\nSo?\n- A\n- A", taken).flow)).toEqual([
      ...["hello2", "hello3", "so", "so2A", "so2A2"],
    ]);
  });
});

it("knows the line of each answer", () => {
  const { lines } = readScript("So?\n\n- Yes\n- No\nWho? [Name]\n- a\n- *");
  expect(Object.fromEntries(lines)).toEqual({
    ...{ so: 1, soYes: 3, soNo: 4, who: 5, whoA: 6, whoAEnd: 6, whoText: 7, whoEnd: 7 },
  });
});

describe("findings", () => {
  it.each<[code: ScriptCode, script: string, line: number, words?: string, other?: string]>([
    ["empty-script", "\n  \n", 1],
    ["answer-alone", "Hello\n->\n- Yes", 3, "Yes"],
    ["nearly-answer", "So?\n-Yes", 2, "-Yes"],
    ["any-other-alone", "So?\n- *", 2],
    ["nearly-any-other", "So? [Here]\n- none\n- Anything  else", 3, "Anything  else"],
    ["same-answer", "So?\n- Yes\n- yes", 3, "yes"],
    ["same-answer", "So? [Here]\n- a\n- A\n  B", 3, "A"],
    ["same-answer", "So? [Here]\n- *\n- *", 3, "*"],
    ["link-alone", "-> Hello\nHello", 1, "Hello"],
    ["link-alone", "->\nHello", 1],
    ["no-such-step", "Hello\n-> Hallo", 2, "Hallo", "Hello"],
    ["no-such-step", "Hello -> Bye", 1, "Bye"],
    ["no-such-step", "Of two, one\nOf two, the other -> Of two", 2, "Of two"],
    ["several-such-steps", "Hello\nHello\n-> hello", 3, "hello", "Hello"],
  ])("%s of %j", (code, script, line, ...words) => {
    expect(readScript(script).findings).toEqual([scriptFinding(code, line, ...words)]);
  });

  it.each(["So? [Here]\n- *\n- Anything else", "So?\n- Anything else", "So? [Here]\n- Anything"])(
    "say nothing of what may be meant so: %j",
    (script) => expect(readScript(script).findings).toEqual([]),
  );

  it("are plain sentences", () => {
    const sentences = readScript("- Yes\n-> No\n-> Well\n-No\nA\nA\n-> A\n* [x]\n- *\n- *").findings;
    expect(sentences.map(({ line, message }) => `${line} ${message}`)).toMatchInlineSnapshot(`
      [
        "1 The answer ‘Yes’ has no question above it. Write the question on the line before it.",
        "2 No line says ‘No’, so this ends there. Where an arrow is text, write \\->.",
        "3 Nothing before this line could lead to ‘Well’.",
        "4 ‘-No’ is a message. If it is an answer, put a space behind the dash.",
        "7 Several lines say ‘A’, and this leads to the first. For the second, write ‘A #2’.",
        "8 The answer ‘’ has no question above it. Write the question on the line before it.",
        "9 ‘*’ is any other text, and the line above asks for none. Put a [placeholder] behind that.",
        "10 ‘*’ is any other text, and the line above asks for none. Put a [placeholder] behind that.",
        "10 ‘*’ stands twice below one line. Change one, or take it away.",
      ]
    `);
  });
});
