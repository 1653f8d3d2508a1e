import { isAbsolute, sep } from "node:path";
import { pathToFileURL } from "node:url";
import type { Finding } from "@parley/shared/flow/finding";

/** A finding and its place: the file as it was named, line and column from 1, columns in UTF-16 units. */
export type Placed = Finding & { readonly file: string; readonly line: number; readonly column: number };

export const FORMATS = ["text", "json", "sarif"] as const;
export type Format = (typeof FORMATS)[number];

export const isFormat = (name: string): name is Format => FORMATS.includes(name as Format);

/** What `parley check` prints: a line for each finding and one that counts them, or JSON, or SARIF for other programs. */
export function checkReport(findings: readonly Placed[], format: Format): string {
  if (format === "json") return printableJson(findings);
  if (format === "sarif") return printableJson(sarif(findings));
  const errors = findings.filter((finding) => finding.severity === "error").length;
  const lines = findings.map((f) =>
    printable(`${f.file}:${f.line}:${f.column} ${f.severity} ${f.message} [${f.code}]`),
  );
  const counts = `${counted(errors, "error")}, ${counted(findings.length - errors, "warning")}.`;
  return `${[...lines, findings.length === 0 ? "No findings." : counts].join("\n")}\n`;
}

const counted = (count: number, what: string): string => `${count} ${what}${count === 1 ? "" : "s"}`;

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
          artifactLocation: { uri: uriOf(f.file) },
          region: { startLine: f.line, startColumn: f.column },
        },
      },
    ],
  }));
  return {
    $schema: "https://json.schemastore.org/sarif-2.1.0.json",
    version: "2.1.0",
    runs: [{ tool: { driver: { name: "parley check", rules } }, columnKind: "utf16CodeUnits", results }],
  };
}

const uriOf = (file: string): string =>
  isAbsolute(file) ? pathToFileURL(file).href : file.split(sep).map(encodeURIComponent).join("/");

/** One line of text, with escapes for control and bidirectional characters, which could rewrite a terminal's lines. */
export const printable = (line: string): string =>
  line.replace(HIDDEN, (c) => `\\u{${c.codePointAt(0)!.toString(16)}}`);

/** The same for JSON: there such characters stand in strings only, but for the ends of its lines. */
function printableJson(value: unknown): string {
  const json = `${JSON.stringify(value, null, 2)}\n`;
  return json.replace(HIDDEN, (c) => (c === "\n" ? c : c.split("").map(escaped).join("")));
}

const HIDDEN = /[\p{Cc}\p{Cf}]/gu;
const escaped = (unit: string): string => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`;
