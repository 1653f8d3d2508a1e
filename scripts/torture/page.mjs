// The page of promises is made in part from the figures of torture.
import path from "node:path";
import { ROOT } from "../prepare.mjs";

export const FIGURES = path.join(ROOT, "docs/torture.jsonl");
export const PAGE = path.join(ROOT, "docs/promises.md");
const [BEGIN, END] = ["<!-- figures: made by npm run test:torture -->", "<!-- end of figures -->"];

/**
 * The page with a table of all that is in the figures, one row a log.
 * @param {string} page
 * @param {string} lines one JSON object a line
 */
export function withFigures(page, lines) {
  const before = page.slice(0, page.indexOf(BEGIN) + BEGIN.length);
  return `${before}\n\n${table(lines)}\n\n${page.slice(page.indexOf(END))}`;
}

/** @param {string} lines */
function table(lines) {
  const pieces = lines.split("\n").flatMap((line) => (line === "" ? [] : [JSON.parse(line)]));
  const rows = [...new Set(pieces.map(({ log }) => log))].map((log) => {
    const own = pieces.filter((piece) => piece.log === log);
    const sum = (/** @type {(piece: any) => number} */ of) => own.reduce((total, piece) => total + of(piece), 0);
    const faults = sum(({ faults }) => Object.values(faults).reduce((total, n) => total + n, 0));
    const kinds = [...new Set(own.flatMap(({ faults }) => Object.keys(faults)))].sort().join(", ");
    const cells = [
      ...[log, `${own.length}`, `${Math.round(sum(({ minutes }) => minutes) * 10) / 10}`],
      ...[sum(({ kills }) => kills), faults, sum(({ acked }) => acked)].map((n) => n.toLocaleString("en")),
      ...[sum(({ lost }) => lost), sum(({ doubled }) => doubled), sum(({ unclear }) => unclear)].map((n) =>
        n.toLocaleString("en"),
      ),
      ...[[...new Set(own.map(({ commit }) => commit))].join(", "), kinds],
    ];
    return `| ${cells.join(" | ")} |`;
  });
  const head =
    "| log | pieces | minutes | kills | faults | acknowledged | lost | doubled | sent again | commits | kinds of fault |";
  return [head, "| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | --- | --- |", ...rows].join("\n");
}
