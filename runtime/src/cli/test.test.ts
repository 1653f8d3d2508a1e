import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { FLOWS, scratch } from "../testing/server.js";
import { runTests } from "./test.js";

const folders: ReturnType<typeof scratch>[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) folder.dispose();
});

/** A folder with the reference flow, and these tests beside it. */
function folderWith(tests: Record<string, unknown>): string {
  const folder = scratch();
  folders.push(folder);
  writeFileSync(join(folder.path, "bot.json"), readFileSync(join(FLOWS, "bot-assistant.json")));
  if (Object.keys(tests).length > 0) mkdirSync(join(folder.path, "bot.tests"));
  for (const [name, test] of Object.entries(tests)) {
    writeFileSync(
      join(folder.path, "bot.tests", `${name}.json`),
      typeof test === "string" ? test : JSON.stringify(test),
    );
  }
  return folder.path;
}

async function run(cwd: string, ...args: string[]) {
  let [out, err] = ["", ""];
  const io = {
    stdout: (text: string) => {
      out += text;
    },
    stderr: (text: string) => {
      err += text;
    },
    cwd,
  };
  return { code: await runTests(args, io), out, err };
}

const PASSES = { steps: [{ say: "Rust" }, { say: "No" }, { expect: "Great, thanks!" }, { ended: true }] };
const FAILS = { title: "Ends\u001b[2J", steps: [{ say: "Go" }, { say: "No" }, { expect: "Bye!" }] };

describe("parley test", () => {
  it("plays the tests beside a flow, and says what they come by", async () => {
    const { code, out, err } = await run(folderWith({ one: PASSES }), "bot.json");
    expect([code, err]).toEqual([0, ""]);
    expect(out).toBe(`ok    bot.tests/one.json
1 test passed.
Tested: 6 of 12 states, 2 of 6 answers.
No test comes by these states: langChoiceGo, langChoiceOther, startLangPrefSession, getLangPrefResponse, endLangPrefSession, anyOtherYes.
No test comes by these answers, by the states that take them: langChoiceGo, langChoiceOther, getLangPrefResponse, anyOtherYes.
`);
  });

  it("says where one fails, what was expected and what came; nothing of it is read by the terminal", async () => {
    const { code, out } = await run(folderWith({ one: PASSES, two: FAILS }), "bot.json", "bot.tests");
    expect(code).toBe(1);
    expect(out).toContain(`FAILS bot.tests/two.json (Ends\\u{1b}[2J)
      step 3: {"expect":"Bye!"}
      Something else is said. [done]
      expected: Bye!
      came:     Great, thanks!
1 of 2 tests failed.
`);
  });

  it("proposes the tests that give every answer; written out, they pass and nothing is left", async () => {
    const cwd = folderWith({});
    const shown = await run(cwd, "bot.json", "--generate");
    expect(shown.out).toContain('{ "say": "Rust", "to": "langChoices", "item": "rust" }');
    expect(shown.err).toBe("2 tests with 6 answers give every answer that can be come to.\n");
    const written = await run(cwd, "bot.json", "--generate", "--out", "bot.tests");
    expect([written.code, written.out]).toEqual([0, "bot.tests/answers-1.json\nbot.tests/answers-2.json\n"]);
    expect(readdirSync(join(cwd, "bot.tests"))).toEqual(["answers-1.json", "answers-2.json"]);
    const { code, out } = await run(cwd, "bot.json");
    expect(code).toBe(0);
    expect(out).toContain("Tested: 12 of 12 states, 6 of 6 answers.\n");
    // What is there is somebody's own.
    expect((await run(cwd, "bot.json", "--generate", "--out", "bot.tests")).code).toBe(2);
  });

  it.each([
    [[], "Name a flow file"],
    [["gone.json"], "The flow file gone.json cannot be read"],
    [["bot.json"], 'There is no test at bot.tests: name one, or make some by "--generate"'],
    [["bot.json", "x.json"], "There is no test at x.json"],
    [["bot.json", "bot.json"], "bot.json: This is not a test"],
    [["bot.json", "--out", "x"], "--out says where --generate writes"],
    [["bot.json", "--nonsense"], "Unknown option"],
  ])("%j is a wrong call", async (args, says) => {
    const { code, out, err } = await run(folderWith({}), ...args);
    expect([code, out]).toEqual([2, ""]);
    expect(err).toContain(`parley test: ${says}`);
  });

  it("of a test that is no JSON says which", async () => {
    const { code, err } = await run(folderWith({ bad: "{" }), "bot.json");
    expect([code, err.startsWith("parley test: bot.tests/bad.json is no JSON")]).toEqual([2, true]);
  });

  it("explains itself", async () => {
    expect((await run(".", "--help")).out).toContain("--generate");
  });
});
