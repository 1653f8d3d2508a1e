// The page of promises is made in part from the figures of torture.
import path from "node:path";
import { ROOT } from "../prepare.mjs";

export const FIGURES = path.join(ROOT, "docs/torture.jsonl");
export const PAGE = path.join(ROOT, "docs/promises.md");
const [BEGIN, END] = ["<!-- figures: made by npm run test:torture -->", "<!-- end of figures -->"];
/** What one state of the code has to come through, on each log: minutes of both kinds of torture, and kills. */
const DEMANDED = { kills: 500, faults: 60, soak: 30 };

/**
 * One line of the figures: a piece of torture, of the code whose hash it names. Pieces of the same code add up.
 * @typedef {{ kind: "faults" | "soak", log: string, code: string, commit: string, minutes: number, lost: number, doubled: number, acked: number } & Record<string, any>} Piece
 */

/** @param {string} lines one JSON object a line @returns {Piece[]} */
export const piecesOf = (lines) => lines.split("\n").flatMap((line) => (line === "" ? [] : [JSON.parse(line)]));

/**
 * The page with all that is in the figures: what the code of the last piece has come through, and what older ones have.
 * @param {string} page
 * @param {string} lines one JSON object a line
 */
export function withFigures(page, lines) {
  const before = page.slice(0, page.indexOf(BEGIN) + BEGIN.length);
  return `${before}\n\n${figures(piecesOf(lines))}\n\n${page.slice(page.indexOf(END))}`;
}

/** @param {Piece[]} pieces */
function figures(pieces) {
  const code = pieces.at(-1)?.code;
  const now = pieces.filter((piece) => piece.code === code);
  const older = pieces.filter((piece) => piece.code !== code);
  const parts = [`The newest code that was tortured (${commits(now)}):`, sums(now), ...details(now)];
  if (older.length > 0) parts.push(`Before that (${commits(older)}), which does not count for it:`, sums(older));
  return parts.join("\n\n");
}

/** What pieces are together, one row a log, against what is demanded. @param {Piece[]} pieces */
function sums(pieces) {
  const rows = logsOf(pieces).map((log) => {
    const own = pieces.filter((piece) => piece.log === log);
    const minutes = (/** @type {string} */ kind) => total(own, (piece) => (piece.kind === kind ? piece.minutes : 0));
    return [
      log,
      `${own.length}`,
      ...[`${rounded(minutes("faults"))} / ${DEMANDED.faults}`, `${rounded(minutes("soak"))} / ${DEMANDED.soak}`],
      `${number(total(own, ({ kills = 0 }) => kills))} / ${DEMANDED.kills}`,
      number(total(own, ({ faults = {} }) => total(Object.values(faults), Number))),
      ...["acked", "lost", "doubled", "unclear"].map((name) => number(total(own, (piece) => piece[name] ?? 0))),
    ];
  });
  const head = ["log", "pieces", "minutes of faults", "minutes of soak", "kills", "faults"];
  return table([...head, "acknowledged", "lost", "doubled", "sent again"], rows, 1);
}

/** Which faults, where processes were ended, and what the soak has seen. @param {Piece[]} pieces */
function details(pieces) {
  return logsOf(pieces).flatMap((log) => {
    const own = pieces.filter((piece) => piece.log === log);
    const said = ["faults", "points"].map((name) => counted(own, name));
    const soaks = own.filter(({ kind }) => kind === "soak");
    return [
      ...(said[0] ? [`On ${log}: ${said[0]}.`] : []),
      ...(said[1] ? [`Ended on ${log} at the point: ${said[1]}.`] : []),
      ...(soaks.length > 0 ? [`Soak on ${log}:`, soaked(soaks)] : []),
    ];
  });
}

/** Counts of several pieces by name, as words. @param {Piece[]} pieces @param {string} name */
function counted(pieces, name) {
  /** @type {Map<string, number>} */
  const sum = new Map();
  for (const piece of pieces) {
    for (const [what, times] of Object.entries(piece[name] ?? {})) sum.set(what, (sum.get(what) ?? 0) + times);
  }
  return [...sum]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([what, times]) => `${what} ${number(times)}`)
    .join(", ");
}

/** One row a process of a piece of soak. @param {Piece[]} pieces */
function soaked(pieces) {
  const rows = pieces.flatMap(({ minutes, capacity, offered, ack, answer, processes }) =>
    Object.entries(processes).map(([name, one]) => [
      ...[name, `${rounded(minutes)}`, number(capacity), number(offered), span(ack.p99), span(answer.p99)],
      ...[one.rss, one.rssPerHour, one.heapPerHour, one.descriptorsPerMinute].map((value) => `${value}`),
    ]),
  );
  const head = ["process", "minutes", "turns/s it can do", "asked of it", "p99 of acks, ms", "p99 of answers, ms"];
  return table([...head, "MiB", "MiB an hour", "heap, MiB an hour", "descriptors a minute"], rows, 1);
}

/** The first and the last quarter of what was measured minute by minute. @param {number[]} values */
function span(values) {
  const quarter = Math.max(1, Math.floor(values.length / 4));
  const mean = (/** @type {number[]} */ of) => rounded(total(of, Number) / Math.max(1, of.length));
  return `${mean(values.slice(0, quarter))} → ${mean(values.slice(-quarter))}`;
}

/** @template T @param {readonly T[]} list @param {(one: T) => number} of */
const total = (list, of) => list.reduce((sum, one) => sum + of(one), 0);
const rounded = (/** @type {number} */ n) => Math.round(n * 10) / 10;
const number = (/** @type {number} */ n) => n.toLocaleString("en");
const logsOf = (/** @type {Piece[]} */ pieces) => [...new Set(pieces.map(({ log }) => log))].sort().reverse();
const commits = (/** @type {Piece[]} */ pieces) => [...new Set(pieces.map(({ commit }) => commit))].join(", ");

/** As the formatter leaves it. @param {string[]} head @param {string[][]} rows @param {number} left columns of words */
function table(head, rows, left) {
  const widths = head.map((cell, i) => Math.max(3, cell.length, ...rows.map((row) => row[i]?.length ?? 0)));
  const line = (/** @type {string[]} */ cells) =>
    `| ${cells.map((cell, i) => (i < left ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0))).join(" | ")} |`;
  const rule = widths.map((width, i) => (i < left ? "-".repeat(width) : `${"-".repeat(width - 1)}:`));
  return [line(head), line(rule), ...rows.map(line)].join("\n");
}
