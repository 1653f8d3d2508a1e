/**
 * One line of the report. `measured` and `beside` are texts with their units; `ratio` is the one divided by the other.
 * The bound is on the ratio, or on `value` where one is given.
 * @typedef {{
 *   name: string, measured: string, beside?: string, ratio?: number,
 *   value?: number, unit?: string, atLeast?: number, atMost?: number,
 * }} Figure
 */

const WIDTHS = { name: 50, measured: 24, beside: 34, ratio: 9, bound: 11 };

/** @param {Figure} figure */
export function holds({ value, ratio, atLeast, atMost }) {
  const bounded = value ?? ratio ?? 0;
  return (atLeast === undefined || bounded >= atLeast) && (atMost === undefined || bounded <= atMost);
}

/** @param {Figure} figure */
export function line(figure) {
  const { name, measured, beside = "", ratio, value, unit = "", atLeast, atMost } = figure;
  const suffix = value === undefined ? "×" : unit;
  const bound = atLeast !== undefined ? `≥ ${atLeast}${suffix}` : atMost !== undefined ? `≤ ${atMost}${suffix}` : "";
  const verdict = bound === "" ? "" : holds(figure) ? "ok" : "over";
  return [
    name.padEnd(WIDTHS.name),
    measured.padEnd(WIDTHS.measured),
    beside.padEnd(WIDTHS.beside),
    (ratio === undefined ? "" : `${ratio.toFixed(2)}×`).padStart(WIDTHS.ratio),
    `  ${bound}`.padEnd(WIDTHS.bound),
    verdict,
  ]
    .join(" ")
    .trimEnd();
}

/** 31,204 */
export const whole = (/** @type {number} */ value) => Math.round(value).toLocaleString("en-GB");
/** A time in the unit that suits it. @param {number} ms */
export function time(ms) {
  if (ms >= 10_000) return `${(ms / 1000).toFixed(1)} s`;
  if (ms >= 10) return `${ms.toFixed(0)} ms`;
  if (ms >= 1) return `${ms.toFixed(2)} ms`;
  return ms >= 0.001 ? `${(ms * 1000).toFixed(1)} µs` : `${(ms * 1_000_000).toFixed(0)} ns`;
}
export const least = (/** @type {number[]} */ values) => Math.min(...values);
export const most = (/** @type {number[]} */ values) => Math.max(...values);
/** @param {number[]} values @param {number} part of them that are no larger: 0.95 */
export const percentile = (values, part) =>
  values.toSorted((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * part))] ?? 0;
export const median = (/** @type {number[]} */ values) => values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0;
