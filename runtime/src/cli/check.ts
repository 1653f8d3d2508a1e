import { readdir, readFile, stat, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { applyFix } from "@parley/shared/flow/change";
import type { Finding } from "@parley/shared/flow/finding";
import { readFlow } from "@parley/shared/flow/read";
import { reason } from "../errors.js";

export type CheckIo = {
  readonly stdout: (text: string) => void;
  readonly stderr: (text: string) => void;
  /** What relative paths are below. */
  readonly cwd: string;
};
type Placed = Finding & { readonly file: string; readonly line: number; readonly column: number };

const FORMATS = ["text", "json", "sarif"];

/**
 * `parley check FLOW… [--format text|json|sarif] [--fix]`: the findings of flow files with file, line and column.
 * @returns the exit code: 1 when there are errors, 2 for a wrong call
 */
export async function runCheck(args: readonly string[], io: CheckIo): Promise<number> {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { format: { type: "string", default: "text" }, fix: { type: "boolean", default: false } },
    });
    if (!FORMATS.includes(values.format)) throw new Error(`--format is one of ${FORMATS.join(", ")}`);
    if (positionals.length === 0) throw new Error("Name a flow file or a folder of them");
    const findings: Placed[] = [];
    for (const file of await flowFiles(positionals, io.cwd)) {
      const text = await readFile(resolve(io.cwd, file), "utf8");
      const left = values.fix ? await fixFile(file, text, io) : text;
      findings.push(...place(file, left));
    }
    io.stdout(format(findings, values.format));
    return findings.some((finding) => finding.severity === "error") ? 1 : 0;
  } catch (error) {
    io.stderr(`parley check: ${printable(reason(error))}.\n`);
    return 2;
  }
}

async function flowFiles(paths: readonly string[], cwd: string): Promise<string[]> {
  const files: string[] = [];
  for (const path of paths) {
    const info = await stat(resolve(cwd, path)).catch(() => undefined);
    if (!info) throw new Error(`There is no flow file or folder at ${path}`);
    if (!info.isDirectory()) files.push(path);
    else {
      const names = await readdir(resolve(cwd, path));
      files.push(
        ...names
          .filter((name) => /^[^.]+\.json$/.test(name))
          .sort()
          .map((name) => join(path, name)),
      );
    }
  }
  return files;
}

function place(file: string, text: string): Placed[] {
  const { findings, at } = readFlow(text);
  return findings.map((finding) => ({ ...finding, file, ...(at(finding.pointer) ?? { line: 1, column: 1 }) }));
}

/** Applies every machine's fix, one after the other, each on what the last one left; the text that is there then. */
async function fixFile(file: string, text: string, io: CheckIo): Promise<string> {
  const read = readFlow(text);
  if (read.flow === undefined || read.findings.some((finding) => finding.code === "duplicate-name")) return text;
  let flow: unknown = read.flow;
  const done: string[] = [];
  for (let left = read.findings; done.length < 1_000; ) {
    const finding = left.find((one) => one.fix);
    if (!finding?.fix) break;
    const next = applyFix(flow, finding.fix);
    if (JSON.stringify(next) === JSON.stringify(flow)) break;
    flow = next;
    done.push(`${file}: ${finding.fix.label} (${finding.code})\n`);
    left = readFlow(JSON.stringify(flow)).findings;
  }
  if (done.length === 0) return text;
  const fixed = `${JSON.stringify(flow, null, 2)}\n`;
  await writeFile(resolve(io.cwd, file), fixed);
  for (const line of done) io.stderr(`fixed ${printable(line)}`);
  return fixed;
}

function format(findings: readonly Placed[], kind: string): string {
  if (kind === "json") return `${JSON.stringify(findings, null, 2)}\n`;
  if (kind === "sarif") return `${JSON.stringify(sarif(findings), null, 2)}\n`;
  const lines = findings.map((f) =>
    printable(`${f.file}:${f.line}:${f.column} ${f.severity} ${f.message} [${f.code}]`),
  );
  const errors = findings.filter((finding) => finding.severity === "error").length;
  lines.push(findings.length === 0 ? "No findings." : `${errors} errors, ${findings.length - errors} warnings.`);
  return `${lines.join("\n")}\n`;
}

/** SARIF 2.1.0, as code scanning services read it. */
function sarif(findings: readonly Placed[]): unknown {
  const rules = [...new Set(findings.map((finding) => finding.code))].map((id) => ({ id }));
  const results = findings.map((f) => ({
    ruleId: f.code,
    level: f.severity,
    message: { text: f.message },
    locations: [
      {
        physicalLocation: {
          artifactLocation: { uri: f.file.split("\\").join("/") },
          region: { startLine: f.line, startColumn: f.column },
        },
      },
    ],
  }));
  return {
    $schema: "https://json.schemastore.org/sarif-2.1.0.json",
    version: "2.1.0",
    runs: [{ tool: { driver: { name: "parley check", rules } }, results }],
  };
}

/** Control and bidirectional characters, which could rewrite a terminal's lines, as escapes. */
const printable = (text: string): string =>
  text.replace(/[\p{Cc}\p{Cf}]/gu, (c) => (c === "\n" ? c : `\\u{${c.codePointAt(0)!.toString(16)}}`));
