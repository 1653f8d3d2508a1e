import { mkdir, readdir, readFile, stat, writeFile } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { compile, type Program } from "@parley/shared/flow/compile";
import { readFlow } from "@parley/shared/flow/read";
import { coverageOf, type Share } from "@parley/shared/scenario/coverage";
import { scenarioText } from "@parley/shared/scenario/make-scenario";
import { proposeScenarios } from "@parley/shared/scenario/propose";
import { runScenario, type ScenarioResult } from "@parley/shared/scenario/run-scenario";
import { readScenario, type Scenario } from "@parley/shared/scenario/scenario";
import { reason } from "../errors.js";
import type { CheckIo } from "./check.js";
import { printable } from "./check-report.js";

const HELP = `parley test FLOW [SCENARIO…] [--generate [--out FOLDER]]

  Plays tests on a flow file, without a server: files, or folders of them; without any those beside
  the flow, in <name>.tests. Then says how much of the flow they come by.
  --generate  proposes the shortest tests that between them give every answer
  --out       writes what is proposed to a folder, as answers-1.json, answers-2.json …

  The exit code is 0, 1 when a test fails, 2 for a wrong call.
`;

type Played = { readonly file: string; readonly scenario: Scenario; readonly result: ScenarioResult };
/** Of what no test comes by, so many are named. */
const NAMED = 10;

/**
 * `parley test FLOW [SCENARIO…] [--generate]`: plays tests on a flow file.
 * @returns the exit code: 1 when one fails, 2 for a wrong call or a file that cannot be read
 */
export async function runTests(args: readonly string[], io: CheckIo): Promise<number> {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        generate: { type: "boolean", default: false },
        out: { type: "string" },
        help: { type: "boolean", short: "h", default: false },
      },
    });
    if (values.help) {
      io.stdout(HELP);
      return 0;
    }
    const [flow, ...scenarios] = positionals;
    if (flow === undefined) throw new Error("Name a flow file");
    const text = await readText(`The flow file ${flow} cannot be read`, resolve(io.cwd, flow));
    const program = compile(readFlow(text).flow);
    if (values.generate) return await generate(program, values.out, io);
    if (values.out !== undefined) throw new Error("--out says where --generate writes");
    return await playAll(program, await testFiles(flow, scenarios, io.cwd), io);
  } catch (error) {
    io.stderr(`${printable(`parley test: ${reason(error).replace(/\.$/, "")}.`)}\n`);
    return 2;
  }
}

async function playAll(program: Program, files: readonly string[], io: CheckIo): Promise<number> {
  const played: Played[] = [];
  for (const file of files) {
    const read = readScenario(parse(file, await readText(`The test ${file} cannot be read`, resolve(io.cwd, file))));
    if ("wrong" in read) throw new Error(`${file}: ${read.wrong}`);
    played.push({ file, scenario: read.scenario, result: runScenario(program, read.scenario) });
  }
  const failed = played.filter(({ result }) => result.failure);
  const { states, answers } = coverageOf(
    program,
    played.map(({ result }) => result.path),
  );
  const lines = [
    ...played.flatMap(reportOf),
    failed.length > 0
      ? `${failed.length} of ${counted(played.length, "test")} failed.`
      : `${counted(played.length, "test")} passed.`,
    `Tested: ${shareOf(states, "state")}, ${shareOf(answers, "answer")}.`,
    ...missing("states", states),
    ...missing("answers, by the states that take them", answers),
  ];
  io.stdout(`${lines.map(printable).join("\n")}\n`);
  return failed.length > 0 ? 1 : 0;
}

function reportOf({ file, scenario, result: { failure } }: Played): string[] {
  const title = scenario.title === undefined ? "" : ` (${scenario.title})`;
  if (!failure) return [`ok    ${file}${title}`];
  const step = scenario.steps[failure.step];
  const at = step === undefined ? "behind the last step" : `step ${failure.step + 1}: ${JSON.stringify(step)}`;
  return [
    `FAILS ${file}${title}`,
    `      ${at}`,
    `      ${failure.message}${failure.state === undefined ? "" : ` [${failure.state}]`}`,
    ...(failure.expected === undefined ? [] : [`      expected: ${failure.expected}`]),
    ...(failure.came === undefined ? [] : [`      came:     ${failure.came}`]),
  ];
}

async function generate(program: Program, out: string | undefined, io: CheckIo): Promise<number> {
  const { scenarios, unreached } = proposeScenarios(program);
  if (out !== undefined) await mkdir(resolve(io.cwd, out), { recursive: true });
  for (const [i, scenario] of scenarios.entries()) {
    const name = `answers-${i + 1}.json`;
    if (out === undefined) io.stdout(`${comment(name)}${scenarioText(scenario)}`);
    else await put(resolve(io.cwd, out, name), join(out, name), scenarioText(scenario), io);
  }
  const says = scenarios.map(({ steps }) => steps.filter((one) => "say" in one).length);
  const words = counted(
    says.reduce((a, b) => a + b, 0),
    "answer",
  );
  io.stderr(`${counted(scenarios.length, "test")} with ${words} give every answer that can be come to.\n`);
  if (unreached.length > 0) io.stderr(`${printable(`Never come to: ${named(unreached)}.`)}\n`);
  return 0;
}

const comment = (name: string): string => `// ${name}\n`;

/** A test that somebody has written stays as it is. */
async function put(path: string, name: string, text: string, io: CheckIo): Promise<void> {
  try {
    await writeFile(path, text, { flag: "wx" });
    io.stdout(`${printable(name)}\n`);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== "EEXIST")
      throw new Error(`${name} cannot be written: ${reason(cause)}`);
    throw new Error(`${name} is there already: name another folder`);
  }
}

/** The files that are named, those of folders, or those beside the flow. */
async function testFiles(flow: string, named: readonly string[], cwd: string): Promise<string[]> {
  const beside = join(dirname(flow), `${basename(flow).replace(/\.json$/, "")}.tests`);
  const files: string[] = [];
  for (const path of named.length > 0 ? named : [beside]) {
    const info = await stat(resolve(cwd, path)).catch(() => undefined);
    if (!info) {
      const how = named.length > 0 ? "" : ': name one, or make some by "--generate"';
      throw new Error(`There is no test at ${path}${how}`);
    }
    if (!info.isDirectory()) files.push(path);
    else {
      const inside = (await readdir(resolve(cwd, path))).filter((name) => name.endsWith(".json")).sort();
      files.push(...inside.map((name) => join(path, name)));
    }
  }
  if (files.length === 0) throw new Error("There is no test in that folder");
  return files;
}

const readText = (problem: string, path: string): Promise<string> =>
  readFile(path, "utf8").catch((cause) => {
    throw new Error(`${problem}: ${reason(cause)}`, { cause });
  });

function parse(file: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new Error(`${file} is no JSON: ${reason(cause)}`, { cause });
  }
}

const counted = (count: number, what: string): string => `${count} ${what}${count === 1 ? "" : "s"}`;
const shareOf = ({ tested, of }: Share, what: string): string => `${tested} of ${counted(of, what)}`;
const named = (names: readonly string[]): string =>
  `${names.slice(0, NAMED).join(", ")}${names.length > NAMED ? `, and ${names.length - NAMED} more` : ""}`;
const missing = (what: string, { missing }: Share): string[] =>
  missing.length === 0 ? [] : [`No test comes by these ${what}: ${named(missing)}.`];
