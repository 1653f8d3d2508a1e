import { isAbsolute, join } from "node:path";
import { readFlow } from "@parley/shared/flow/read";
import { describe, expect, it } from "vitest";
import { checkReport, type Placed } from "./check-report.js";

const say = (content: string, next?: string) => ({ sendRequest: { kind: "BotText", content }, ...(next && { next }) });
const FLOW = { hello: say("Hello!", "goodbey"), goodbye: say("Goodbye!"), other: say("Never said.") };

/** The findings of a flow with their places, as of a file of that name. */
function placed(file: string, flow: object): Placed[] {
  const { findings, at } = readFlow(JSON.stringify(flow, null, 2));
  return findings.map((finding) => ({ ...finding, file, ...at(finding.pointer)! }));
}

describe("text", () => {
  it("a line for each finding, and one that counts them", () => {
    expect(checkReport(placed("a.json", FLOW), "text").split("\n")).toEqual([
      'a.json:7:5 error State "hello": "next" is "goodbey", and no state has that name; is "goodbye" meant? [next-missing]',
      'a.json:9:3 warning State "goodbye": no path from the start reaches it. [unreachable]',
      'a.json:15:3 warning State "other": no path from the start reaches it. [unreachable]',
      "1 error, 2 warnings.",
      "",
    ]);
    expect(checkReport([], "text")).toBe("No findings.\n");
  });
});

describe("json", () => {
  it("every field of a finding, its fix, and its place", () => {
    const findings = placed("a.json", FLOW);
    expect(JSON.parse(checkReport(findings, "json"))).toEqual(findings);
    expect(findings[0]).toMatchObject({ file: "a.json", line: 7, column: 5, fix: { changes: [{ value: "goodbye" }] } });
    expect(checkReport([], "json")).toBe("[]\n");
  });
});

describe("sarif", () => {
  type Run = {
    tool: { driver: { name: string; rules: { id: string }[] } };
    columnKind: string;
    results: {
      ruleId: string;
      level: string;
      locations: { physicalLocation: { artifactLocation: { uri: string } } }[];
    }[];
  };
  function sarif(findings: readonly Placed[]): Run {
    const log = JSON.parse(checkReport(findings, "sarif")) as { runs: Run[] };
    expect(log).toEqual({
      $schema: "https://json.schemastore.org/sarif-2.1.0.json",
      version: "2.1.0",
      runs: [expect.anything()],
    });
    return log.runs[0]!;
  }

  it("is SARIF 2.1.0: one run with its rules, each once, and a result for each finding", () => {
    const findings = placed("a.json", FLOW);
    const run = sarif(findings);
    expect(run).toEqual({
      tool: { driver: { name: "parley check", rules: [{ id: "next-missing" }, { id: "unreachable" }] } },
      columnKind: "utf16CodeUnits",
      results: findings.map(({ code, severity, message, line, column }) => ({
        ruleId: code,
        level: severity,
        message: { text: message },
        locations: [
          {
            physicalLocation: {
              artifactLocation: { uri: "a.json" },
              region: { startLine: line, startColumn: column },
            },
          },
        ],
      })),
    });
    expect(run.results.map((result) => result.level)).toEqual(["error", "warning", "warning"]);
    expect(sarif([])).toMatchObject({ tool: { driver: { rules: [] } }, results: [] });
  });

  it("names files as addresses: relative ones as they were named, absolute ones with their scheme", () => {
    const uri = (file: string) =>
      sarif(placed(file, FLOW)).results[0]?.locations[0]?.physicalLocation.artifactLocation.uri;
    expect(uri(join("my flows", "a#1 50%.json"))).toBe("my%20flows/a%231%2050%25.json");
    expect(uri(join("..", "c:d.json"))).toBe("../c%3Ad.json");
    const absolute = join(import.meta.dirname, "my flow.json");
    expect(isAbsolute(absolute)).toBe(true);
    expect(uri(absolute)).toMatch(/^file:\/\/\/.*\/cli\/my%20flow\.json$/);
  });
});

describe("[P15] control and bidirectional characters", () => {
  const odd = "\u001b[2Jx\u202ey\u009b\u2066\u200b\u007f\n\t\u{e0041}";
  const hidden = /(?!\n)[\p{Cc}\p{Cf}]/u;
  const findings = placed(`a${odd}.json`, {
    [odd]: { ...say(`<b${odd}="x">y<a ${odd}=1>`), next: odd.repeat(2), [odd]: 1 },
  });

  it.each(["text", "json", "sarif"] as const)("are escaped: %s", (format) => {
    expect(findings.map((finding) => finding.code)).toEqual(["bad-shape", "next-missing", "unsafe-html"]);
    const printed = checkReport(findings, format);
    expect(printed).not.toMatch(hidden);
    expect(printed).toMatch(/\\u001b|\\u\{1b\}/);
    if (format === "json") expect(JSON.parse(printed)).toEqual(findings);
    // No finding is more than a line, whatever stands in a name.
    if (format === "text") expect(printed.split("\n")).toHaveLength(findings.length + 2);
    if (format === "text") expect(printed.match(/^a\\u\{1b\}.* (?:error|warning) /gm)).toHaveLength(findings.length);
  });
});
