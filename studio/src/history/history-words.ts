import type { DraftStates, VersionList } from "@parley/shared/api/flows";

export type DraftState = DraftStates["states"][number];
export type VersionRow = VersionList["versions"][number];

const PARTS: Readonly<Record<DraftState["parts"][number], string>> = {
  flow: "steps",
  layout: "drawing",
  settings: "settings",
  text: "text of the file",
};

/** What differs from the state before: "Steps and drawing". */
export function partsWords(parts: readonly DraftState["parts"][number][]): string {
  if (parts.length === 0) return "As before";
  const words = new Intl.ListFormat("en", { type: "conjunction" }).format(parts.map((part) => PARTS[part]));
  return words[0]!.toUpperCase() + words.slice(1);
}

export type Day<Row> = { readonly day: string; readonly rows: readonly Row[] };

/**
 * Rows under the day they are of, in their order: "Today", "Yesterday", "3 November 2026".
 * @param now milliseconds since 1970
 */
export function byDay<Row extends { readonly at: string }>(
  rows: readonly Row[],
  now: number,
  zone?: string,
): Day<Row>[] {
  const format = new Intl.DateTimeFormat("en-GB", { dateStyle: "long", ...(zone !== undefined && { timeZone: zone }) });
  const today = format.format(now);
  const yesterday = format.format(now - 86_400_000);
  const days: { day: string; rows: Row[] }[] = [];
  for (const row of rows) {
    const date = format.format(Date.parse(row.at));
    const day = date === today ? "Today" : date === yesterday ? "Yesterday" : date;
    const last = days.at(-1);
    if (last?.day === day) last.rows.push(row);
    else days.push({ day, rows: [row] });
  }
  return days;
}

/** The time of day: "10:42". */
export const timeOf = (at: string, zone?: string): string =>
  new Intl.DateTimeFormat("en-GB", { timeStyle: "short", ...(zone !== undefined && { timeZone: zone }) }).format(
    Date.parse(at),
  );

/** How a version is called. */
export const versionName = ({ version }: VersionRow): string =>
  version === undefined ? "Changed file" : `Version ${version}`;

const ORIGINS = { file: "From the file", studio: "From the studio", cli: "From the command line" } as const;

/** Where a version came from, and why it is not live. */
export function originWords({ from, version, against, back }: VersionRow): string {
  if (back !== undefined) return `Version ${back} once more`;
  if (version !== undefined) return ORIGINS[from];
  return against === undefined
    ? "From the file, not published"
    : `From the file, not published: the studio had published version ${against}`;
}
