import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { FINDING_CODES } from "@parley/shared/flow/finding";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { runCheck } from "./check.js";

let cwd = "";
beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), "parley-check-"));
});
afterEach(() => rmSync(cwd, { recursive: true, force: true }));

const repository = fileURLToPath(new URL("../../../", import.meta.url));
const write = (name: string, text: unknown): void =>
  writeFileSync(join(cwd, name), typeof text === "string" ? text : `${JSON.stringify(text, null, 2)}\n`);
const read = (name: string): string => readFileSync(join(cwd, name), "utf8");

async function run(...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  const out = { stdout: "", stderr: "" };
  const io = {
    stdout: (text: string) => {
      out.stdout += text;
    },
    stderr: (text: string) => {
      out.stderr += text;
    },
    cwd,
  };
  return { code: await runCheck(args, io), ...out };
}

const say = (content: string, next?: string) => ({ sendRequest: { kind: "BotText", content }, ...(next && { next }) });
const GOOD = { hello: say("Hello!") };
const WARNING = { hello: say("Hello!"), other: say("Never said.") };
const ERROR = { hello: say("Hello!", "bye"), goodbye: say("Goodbye!") };
const FIXABLE = { hello: say("Hello!", "goodbey"), goodbye: say("Goodbye!") };

describe("parley check", () => {
  it("a sound flow: no findings, exit code 0, nothing on stderr", async () => {
    write("good.json", GOOD);
    expect(await run("good.json")).toEqual({ code: 0, stdout: "No findings.\n", stderr: "" });
  });

  it("findings with file, line, column, severity and code; 1 for errors, 0 for warnings alone", async () => {
    write("warning.json", WARNING);
    write("error.json", ERROR);
    expect(await run("warning.json")).toEqual({
      code: 0,
      stdout:
        'warning.json:8:3 warning State "other": no path from the start reaches it. [unreachable]\n0 errors, 1 warning.\n',
      stderr: "",
    });
    const { code, stdout } = await run("warning.json", "error.json");
    expect(code).toBe(1);
    expect(stdout.split("\n")).toEqual([
      expect.stringMatching(/^warning\.json:8:3 warning /),
      'error.json:7:5 error State "hello": "next" is "bye", and no state has that name. [next-missing]',
      expect.stringMatching(/^error\.json:9:3 warning .* \[unreachable\]$/),
      "1 error, 2 warnings.",
      "",
    ]);
  });

  it("of a folder it reads the flows and nothing beside them, each file once", async () => {
    mkdirSync(join(cwd, "flows/shop.tests"), { recursive: true });
    mkdirSync(join(cwd, "flows/folder.json"));
    for (const name of ["b.json", "a.json"]) write(`flows/${name}`, WARNING);
    for (const name of ["a.settings.json", "a.layout.json", ".hidden.json", "notes.txt", "shop.tests/x.json"]) {
      write(`flows/${name}`, name.includes("settings") ? "{}" : "no flow");
    }
    const { code, stdout } = await run("flows", "flows/a.json");
    expect(code).toBe(0);
    expect(stdout.match(/^flows\/.*?:/gm)).toEqual(["flows/a.json:", "flows/b.json:"]);
  });

  it("[F12] knows the variables that the settings beside a flow declare", async () => {
    write("shop.json", { hello: say("Hello {{name|there}}!") });
    expect((await run("shop.json")).stdout).toContain("[unknown-answer]");
    write("shop.settings.json", { variables: ["name"] });
    expect((await run("shop.json")).stdout).toBe("No findings.\n");
    write("shop.settings.json", { variables: "name" });
    expect(await run("shop.json")).toMatchObject({
      code: 2,
      stdout: "",
      stderr: expect.stringContaining("shop.settings.json"),
    });
  });

  it("finds nothing in the flows of this repository, and in each broken one its own finding", async () => {
    expect(await run(join(repository, "flows"))).toEqual({ code: 0, stdout: "No findings.\n", stderr: "" });
    const { code, stdout } = await run(join(repository, "flows/invalid"));
    expect(code).toBe(1);
    const found = [...stdout.matchAll(/([a-z-]+)\.json:\d+:\d+ (error|warning) .* \[([a-z-]+)\]/g)];
    expect(found.map(([, file]) => file).sort()).toEqual(Object.keys(FINDING_CODES).sort());
    for (const [, file, severity, code] of found) {
      expect([code, severity]).toEqual([file, FINDING_CODES[file as keyof typeof FINDING_CODES]]);
    }
  });
});

describe("parley check, called wrongly", () => {
  it.each([
    [[], "Name a flow file or a folder of them."],
    [["missing.json"], "There is no flow file or folder at missing.json."],
    [["good.json", "--format", "xml"], "--format is one of text, json, sarif."],
    [["good.json", "--fixx"], "--fixx"],
    [["good.json", "--format"], "--format"],
    [["empty"], "The folder empty holds no flow (a file <name>.json)."],
    [["good.json", "missing.json"], "missing.json"],
  ])("%j is exit code 2 and one sentence", async (args, sentence) => {
    write("good.json", GOOD);
    mkdirSync(join(cwd, "empty"));
    const { code, stdout, stderr } = await run(...args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toMatch(/^parley check: [^\n]+[^.]\.\n$/);
    expect(stderr).toContain(sentence);
  });

  it("--help says how to call it", async () => {
    const { code, stdout } = await run("--help");
    expect(code).toBe(0);
    for (const word of ["--format", "sarif", "--fix", "exit code"]) expect(stdout).toContain(word);
  });

  it.each([
    ["nothing", ""],
    ["no JSON", "{"],
    ["no flow", "[]"],
    ["binary", "\u0000\u0001\ufffd"],
  ])("a file that is %s is an error of the flow, not of the call", async (_what, text) => {
    write("bad.json", text);
    const { code, stdout } = await run("bad.json");
    expect(code).toBe(1);
    expect(stdout).toMatch(/^bad\.json:1:\d error This is not a flow: .*\[not-a-flow\]\n1 error, 0 warnings\.\n$/);
  });
});

describe("parley check, as a command", () => {
  it("ends with that exit code, and prints to stdout and stderr", () => {
    write("error.json", ERROR);
    const parley = (...args: string[]) => {
      const bin = join(repository, "runtime/bin/parley.js");
      return spawnSync(process.execPath, [bin, "check", ...args], { cwd, encoding: "utf8" });
    };
    expect(parley("error.json")).toMatchObject({
      status: 1,
      stderr: "",
      stdout: expect.stringMatching(/^error\.json:7:5 /),
    });
    expect(parley("missing.json")).toMatchObject({
      status: 2,
      stdout: "",
      stderr: expect.stringContaining("missing.json"),
    });
  });
});

describe("parley check --format", () => {
  it("json and sarif go to stdout whole; the exit code is the same", async () => {
    write("fixable.json", FIXABLE);
    const json = await run("fixable.json", "--format=json");
    expect(json).toMatchObject({ code: 1, stderr: "" });
    expect(JSON.parse(json.stdout)).toMatchObject([{ code: "next-missing" }, { code: "unreachable" }]);
    const sarif = await run("--format", "sarif", "fixable.json");
    expect(sarif).toMatchObject({ code: 1, stderr: "" });
    expect(JSON.parse(sarif.stdout)).toMatchObject({ version: "2.1.0" });
  });
});

describe("parley check --fix", () => {
  it("writes what a machine can correct, says so, and gives what is left", async () => {
    write("fixable.json", { ...FIXABLE, ask: { sendRequest: { kind: "StartChatSession", sessionId: 7 } } });
    const { code, stdout, stderr } = await run("--fix", "fixable.json");
    expect(stderr.split("\n")).toEqual([
      "fixed fixable.json: Lead to the message ‘Goodbye!’ (next-missing)",
      "fixed fixable.json: Add the step for the text (chat-without-match)",
      'fixed fixable.json: Write it as "7" (number-id)',
      "",
    ]);
    expect(code).toBe(0);
    expect(stdout).not.toContain("error ");
    expect(JSON.parse(read("fixable.json"))).toMatchObject({
      hello: { next: "goodbye" },
      ask: { sendRequest: { sessionId: "7" } },
      "ask-text": { matchResponse: { kind: "UserText", sessionId: "7" } },
    });
    expect((await run("--fix", "fixable.json")).stderr).toBe("");
  });

  it("a fix that another one makes possible is applied too", async () => {
    write("a.json", JSON.stringify({ constructor: say("x", "hello"), hello: { ...say("y"), next: "constructro" } }));
    const { stderr } = await run("--fix", "a.json");
    expect(stderr).toContain("(bad-name)");
    expect(stderr).toContain("(next-missing)");
    expect(Object.keys(JSON.parse(read("a.json")) as object)).toEqual(["constructorState", "hello"]);
  });

  it("keeps the indent and the ends of lines; a file without anything to fix is not touched", async () => {
    const text = JSON.stringify(FIXABLE, null, "\t").replaceAll("\n", "\r\n");
    write("tabs.json", text);
    await run("--fix", "tabs.json");
    expect(read("tabs.json")).toBe(`${text.replace("goodbey", "goodbye")}\r\n`);
    const odd = ` ${JSON.stringify(WARNING)}`;
    write("odd.json", odd);
    expect((await run("--fix", "odd.json")).stderr).toBe("");
    expect(read("odd.json")).toBe(odd);
  });

  it.each([
    [
      "duplicate-name",
      '{"hello":{"sendRequest":{"kind":"EndChatSession","sessionId":1}},"hello":{"sendRequest":{"kind":"EndChatSession","sessionId":2}}}',
    ],
    [
      "bad-name",
      '{"hello":{"sendRequest":{"kind":"EndChatSession","sessionId":1}},"12":{"sendRequest":{"kind":"BotText","content":"x"}}}',
    ],
  ])("does not write a file back that would lose a name or its start: %s", async (code, text) => {
    write("a.json", text);
    const { stderr, ...result } = await run("--fix", "a.json");
    expect(result.code).toBe(1);
    expect(stderr).toBe(`not fixed a.json: correct its names first (${code})\n`);
    expect(read("a.json")).toBe(text);
  });

  it("[P15] escapes control and bidirectional characters in what it says", async () => {
    const odd = "a\u001b[2J\u202e\n.json";
    expect((await run(odd)).stderr).toBe(
      "parley check: There is no flow file or folder at a\\u{1b}[2J\\u{202e}\\u{a}.json.\n",
    );
    write(odd, FIXABLE);
    expect((await run("--fix", odd)).stderr).toMatch(/^fixed a\\u\{1b\}\[2J\\u\{202e\}\\u\{a\}\.json: [^\n]*\n$/);
  });
});
