import { readdir, readFile, stat, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { applyFix } from "@parley/shared/flow/change";
import { type CheckOptions, check } from "@parley/shared/flow/check";
import { readFlow } from "@parley/shared/flow/read";
import { reason } from "../errors.js";
import { settingsBeside } from "../registry/flow-files.js";
import { checkReport, FORMATS, isFormat, type Placed, printable } from "./check-report.js";

export type CheckIo = {
  readonly stdout: (text: string) => void;
  readonly stderr: (text: string) => void;
  /** What relative paths are below. */
  readonly cwd: string;
};

const HELP = `parley check FLOW… [--format ${FORMATS.join("|")}] [--fix]

  Says what is wrong with flow files, or with the flows of folders, each with file, line and column.
  --format   text (the default), json, or sarif for code scanning
  --fix      writes what a machine can correct back to the files, and says what is left

  The exit code is 0, 1 when there are errors, 2 for a wrong call.
`;

/**
 * `parley check FLOW… [--format text|json|sarif] [--fix]`: the findings of flow files with file, line and column. The
 * variables that a flow's settings declare count as known.
 * @returns the exit code: 1 when there are errors, 2 for a wrong call or a file that cannot be read
 */
export async function runCheck(args: readonly string[], io: CheckIo): Promise<number> {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        format: { type: "string", default: "text" },
        fix: { type: "boolean", default: false },
        help: { type: "boolean", short: "h", default: false },
      },
    });
    if (values.help) {
      io.stdout(HELP);
      return 0;
    }
    if (!isFormat(values.format)) throw new Error(`--format is one of ${FORMATS.join(", ")}`);
    if (positionals.length === 0) throw new Error("Name a flow file or a folder of them");
    const findings: Placed[] = [];
    for (const file of await flowFiles(positionals, io.cwd)) {
      const text = await onFile(`The flow file ${file} cannot be read`, readFile(resolve(io.cwd, file), "utf8"));
      const { variables = [] } = await settingsBeside(resolve(io.cwd, file));
      const left = values.fix ? await fixFile(file, text, { variables }, io) : text;
      findings.push(...place(file, left, { variables }));
    }
    io.stdout(checkReport(findings, values.format));
    return findings.some((finding) => finding.severity === "error") ? 1 : 0;
  } catch (error) {
    io.stderr(`${printable(`parley check: ${reason(error).replace(/\.$/, "")}.`)}\n`);
    return 2;
  }
}

/** The files that are named, and the `<name>.json` of folders: what stands beside a flow has a further dot in its name. */
async function flowFiles(paths: readonly string[], cwd: string): Promise<string[]> {
  const files = new Set<string>();
  for (const path of paths) {
    const info = await stat(resolve(cwd, path)).catch(() => undefined);
    if (!info) throw new Error(`There is no flow file or folder at ${path}`);
    if (!info.isDirectory()) {
      files.add(path);
      continue;
    }
    const inside = await onFile(
      `The folder ${path} cannot be read`,
      readdir(resolve(cwd, path), { withFileTypes: true }),
    );
    const names = inside.filter((entry) => /^[^.]+\.json$/.test(entry.name) && !entry.isDirectory());
    if (names.length === 0) throw new Error(`The folder ${path} holds no flow (a file <name>.json)`);
    for (const name of names.map((entry) => entry.name).sort()) files.add(join(path, name));
  }
  return [...files];
}

const onFile = <T>(problem: string, done: Promise<T>): Promise<T> =>
  done.catch((cause) => {
    throw new Error(`${problem}: ${reason(cause)}`, { cause });
  });

function place(file: string, text: string, options: CheckOptions): Placed[] {
  const { findings, at } = readFlow(text, options);
  return findings.map((finding) => ({ ...finding, file, ...(at(finding.pointer) ?? { line: 1, column: 1 }) }));
}

/** A fix may bring up another finding with a fix, but not for ever. */
const ROUNDS = 50;

/** Applies every fix there is, writes the file, and says so. Returns the text that it has then. */
async function fixFile(file: string, text: string, options: CheckOptions, io: CheckIo): Promise<string> {
  const read = readFlow(text, options);
  if (!read.findings.some((finding) => finding.fix)) return text;
  // Written back, of two equal names one would be lost, and a number would stay in front, where the start is.
  const lost = read.findings.find(({ code, fix }) => code === "duplicate-name" || (code === "bad-name" && !fix));
  if (lost) {
    io.stderr(`${printable(`not fixed ${file}: correct its names first (${lost.code})`)}\n`);
    return text;
  }
  let flow = read.flow;
  let { findings } = read;
  const done: string[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const before = flow;
    for (const { code, fix } of findings) {
      const next = fix ? applyFix(flow, fix) : flow;
      if (fix && next !== flow) done.push(`fixed ${file}: ${fix.label} (${code})`);
      flow = next;
    }
    if (flow === before) break;
    findings = check(flow, options);
  }
  const fixed = written(flow, text);
  await onFile(`The flow file ${file} cannot be written`, writeFile(resolve(io.cwd, file), fixed));
  for (const line of done) io.stderr(`${printable(line)}\n`);
  return fixed;
}

/** A flow as text, indented and with ends of lines as the text was that it comes from. */
function written(flow: unknown, before: string): string {
  const indent = /^[\t ]+(?=")/m.exec(before)?.[0] ?? "  ";
  const text = `${JSON.stringify(flow, null, indent)}\n`;
  return before.includes("\r\n") ? text.replaceAll("\n", "\r\n") : text;
}
