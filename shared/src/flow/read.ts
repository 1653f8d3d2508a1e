import { utf8Length } from "../text.js";
import { type CheckOptions, check } from "./check.js";
import type { Finding } from "./finding.js";
import { MAX_FLOW_BYTES, MAX_NESTING, measure } from "./measure.js";
import { firstProblem, mapText, type Position, positionAt, positionFinder, type TextMap } from "./positions.js";
import { joinFindings, Report } from "./report.js";
import { inFlow } from "./rules/rule.js";
import { flowTooLarge } from "./rules/size.js";
import { named, quoted } from "./wording.js";

export type FlowText = {
  /** The JSON value, whatever it is; absent when the text is too large, too deep or not JSON. */
  readonly flow?: unknown;
  readonly findings: Finding[];
  /** Where a pointer of a finding is in the text; of a text that is no JSON, "" is the place of the mistake. */
  readonly at: (pointer: string) => Position | undefined;
};

/**
 * Reads the text of a flow file and checks it: JSON without comments, a byte-order mark in front is passed over. Beside
 * the findings of `check` it finds keys that stand twice. Never throws. Bytes and nesting are counted before anything
 * is parsed, and positions are sought only when somebody asks.
 */
export function readFlow(source: string, options: CheckOptions = {}): FlowText {
  const text = source.startsWith("\ufeff") ? source.slice(1) : source;
  // A UTF-16 unit has between one and three bytes.
  const bytes = text.length * 3 <= MAX_FLOW_BYTES ? 0 : utf8Length(text);
  if (bytes > MAX_FLOW_BYTES) {
    return refused(text, 0, (report) => report.add("too-large", inFlow, () => flowTooLarge(bytes)));
  }
  const scanned = scan(text);
  if (scanned.tooDeepAt !== undefined) {
    return notAFlow(text, { problem: `it is nested more than ${MAX_NESTING} deep`, offset: scanned.tooDeepAt });
  }
  let flow: unknown;
  try {
    flow = JSON.parse(text);
  } catch {
    return notAFlow(text, firstProblem(text) ?? { problem: "this is no JSON", offset: 0 });
  }
  let map: TextMap | undefined;
  let find: ((offset: number) => Position) | undefined;
  const at = (pointer: string): Position | undefined => {
    map ??= mapText(text);
    find ??= positionFinder(text);
    const offset = map.find(pointer);
    return offset === undefined ? undefined : find(offset);
  };
  const found = check(flow, options);
  // A key that stands twice is the only reason for more keys in the text than in the value.
  if (measure(flow).keys === scanned.keys) return { flow, findings: found, at };
  map = mapText(text);
  return { flow, findings: joinFindings(duplicateNames(map, positionFinder(text)), found), at };
}

/** `duplicate-name`: a parser would keep the last in silence. */
function duplicateNames({ repeated }: TextMap, position: (offset: number) => Position): Finding[] {
  const report = new Report();
  repeated.forEach(({ path, offsets }, order) => {
    const name = String(path.at(-1));
    const [state, ...inside] = path;
    const place = path.length > 1 ? { index: order, name: String(state) } : undefined;
    report.add("duplicate-name", place ? { state: place, path: inside } : { state: undefined, path }, () => {
      const lines = offsets.slice(0, 5).map((offset) => position(offset).line);
      const where = `in ${new Set(lines).size > 1 ? `lines ${lines.join(", ")}` : `line ${lines[0]}`}`;
      return {
        message: `The name ${named(name)} stands ${times(offsets.length)} in one object, ${where}; only the last would count.`,
        plain: `The name ${quoted(name)} stands ${times(offsets.length)} in the file, ${where}. Rename or remove all but one.`,
      };
    });
  });
  return report.findings();
}

const times = (count: number): string => (count === 2 ? "twice" : `${count} times`);

function notAFlow(text: string, { problem, offset }: { problem: string; offset: number }): FlowText {
  const { line, column } = positionAt(text, offset);
  return refused(text, offset, (report) =>
    report.add("not-a-flow", inFlow, () => ({
      message: `This is not a flow: line ${line}, column ${column}: ${problem}.`,
      plain: `The text cannot be read from line ${line}, column ${column}: ${problem}.`,
    })),
  );
}

function refused(text: string, offset: number, add: (report: Report) => void): FlowText {
  const report = new Report();
  add(report);
  return { findings: report.findings(), at: (pointer) => (pointer === "" ? positionAt(text, offset) : undefined) };
}

/** Counts nesting and keys of a text without parsing it. For a text that is not JSON the counts mean nothing. */
function scan(text: string): { tooDeepAt?: number; keys: number } {
  let depth = 0;
  let keys = 0;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit === QUOTE) {
      i++;
      while (i < text.length && text.charCodeAt(i) !== QUOTE) i += text.charCodeAt(i) === BACKSLASH ? 2 : 1;
    } else if (unit === COLON) keys += 1;
    else if (unit === OPEN_BRACE || unit === OPEN_BRACKET) {
      depth += 1;
      if (depth > MAX_NESTING) return { tooDeepAt: i, keys };
    } else if (unit === CLOSE_BRACE || unit === CLOSE_BRACKET) depth -= 1;
  }
  return { keys };
}

const QUOTE = 0x22;
const COLON = 0x3a;
const OPEN_BRACKET = 0x5b;
const BACKSLASH = 0x5c;
const CLOSE_BRACKET = 0x5d;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
