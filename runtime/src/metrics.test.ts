import { readFileSync } from "node:fs";
import { Histogram } from "prom-client";
import { describe, expect, it } from "vitest";
import { createMetrics } from "./metrics.js";

const read = (file: string): string => readFileSync(new URL(`../../${file}`, import.meta.url), "utf8");
const own = createMetrics({ process: false })
  .registry.getMetricsAsArray()
  .map(({ name }) => name);
/** Every name that a query may ask for: also what a histogram's parts are called. */
const known = new Set([
  ...createMetrics()
    .registry.getMetricsAsArray()
    .map(({ name }) => name),
  ...createMetrics()
    .registry.getMetricsAsArray()
    .filter((metric) => metric instanceof Histogram)
    .flatMap(({ name }) => [`${name}_bucket`, `${name}_count`, `${name}_sum`]),
]);
const asked = (expr: string): string[] => expr.match(/\b(?:parley|process|nodejs)_\w+/g) ?? [];

type Panel = {
  readonly id: number;
  readonly type: string;
  readonly title: string;
  readonly description?: string;
  readonly fieldConfig?: { readonly defaults: { readonly unit: string } };
  readonly targets?: readonly { readonly expr: string; readonly datasource: { readonly uid: string } }[];
};
const { panels, __inputs: inputs } = JSON.parse(read("deploy/grafana/parley.json")) as {
  panels: Panel[];
  __inputs: { name: string; type: string; pluginId: string }[];
};

describe("metrics", () => {
  it("are all in the table of docs/operations.md, and no other is", () => {
    const table = [...read("docs/operations.md").matchAll(/^\| `(parley_\w+)` /gm)].map(([, name]) => name);
    expect([...table].sort()).toEqual([...own].sort());
    expect(new Set(table).size).toBe(table.length);
  });

  it("say what they are, and what is not kept up to date is measured when somebody asks", async () => {
    const metrics = createMetrics({ process: false });
    metrics.measure(() => metrics.held.set(7));
    metrics.measure(async () => Promise.reject(new Error("away")));
    metrics.measure(() => new Promise<void>(() => undefined)); // Never answers: the rest is told all the same.
    const text = await metrics.text();
    expect(text).toMatch(/^parley_sessions_held 7$/m);
    expect(text).toMatch(/^parley_build_info\{version="\d+\.\d+\.\d+",node="v\d+/m);
  });
});

describe("the dashboard", () => {
  const shown = panels.filter(({ type }) => type !== "row");

  it("asks for metrics that there are, and for each of ours that shows something", () => {
    const names = shown.flatMap(({ targets = [] }) => targets.flatMap(({ expr }) => asked(expr)));
    expect(names.filter((name) => !known.has(name))).toEqual([]);
    const used = new Set(names.map((name) => name.replace(/_(bucket|count|sum)$/, "")));
    expect(own.filter((name) => !used.has(name))).toEqual([]);
  });

  it("can be imported: the source is chosen then, each panel has its number, words and a unit", () => {
    expect(inputs).toMatchObject([{ name: "DS_PROMETHEUS", type: "datasource", pluginId: "prometheus" }]);
    expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
    for (const { title, description, fieldConfig, targets = [] } of shown) {
      expect(
        [title, description, fieldConfig?.defaults.unit].map((text) => (text ?? "") !== ""),
        title,
      ).toEqual([true, true, true]);
      expect(targets.length, title).toBeGreaterThan(0);
      // biome-ignore lint/suspicious/noTemplateCurlyInString: Grafana's own placeholder.
      for (const { datasource } of targets) expect(datasource.uid).toBe("${DS_PROMETHEUS}");
    }
    const rows = panels.filter(({ type }) => type === "row").map(({ title }) => title);
    expect(rows).toEqual([
      "Is it well?",
      "What do visitors feel?",
      "Load",
      "Limits and refusals",
      "Log",
      "Workflows",
      "People",
    ]);
  });
});

it("the alerts ask for metrics that there are", () => {
  const rules = [...read("deploy/prometheus/parley-rules.yml").matchAll(/^\s+expr: (.*)$/gm)].map(([, expr]) => expr!);
  expect(rules.length).toBeGreaterThan(5);
  for (const expr of rules)
    expect([asked(expr).length > 0, asked(expr).filter((name) => !known.has(name))]).toEqual([true, []]);
});
