import type { Query } from "@parley/shared/api/contract";
import { PERSONS, STATUSES, type Status } from "@parley/shared/api/conversations";

/** A time span: one of these, or the days [from, to] as they were chosen. */
export const SPANS = [
  { value: "any", label: "Any time" },
  { value: "1", label: "Today" },
  { value: "7", label: "Last 7 days" },
  { value: "30", label: "Last 30 days" },
  { value: "days", label: "Choose days" },
] as const;
type Span = (typeof SPANS)[number]["value"];

/** What the lists are narrowed to. Days are `2026-01-31`. */
export type Filter = {
  readonly flow?: string;
  readonly version?: string;
  readonly status?: Status;
  /** The name of the step where it waits. */
  readonly waits?: string;
  /** With a person, or waiting for one. */
  readonly person?: (typeof PERSONS)[number];
  readonly span: Span;
  readonly from?: string;
  readonly to?: string;
  readonly text?: string;
};
export const EVERYTHING: Filter = { span: "any" };

const DAY = /^\d{4}-\d\d-\d\d$/;

/** The filter that an address holds. */
export function readFilter(search: string): Filter {
  const found = new URLSearchParams(search);
  const get = (name: string) => found.get(name) || undefined;
  const day = (name: string) => (DAY.test(get(name) ?? "") ? get(name) : undefined);
  const span = SPANS.find(({ value }) => value === get("time"))?.value ?? "any";
  const status = STATUSES.find((one) => one === get("status"));
  const version = /^[1-9]\d{0,8}$/.test(get("version") ?? "") ? get("version") : undefined;
  return only({
    flow: get("flow"),
    version,
    status,
    waits: get("waits"),
    person: PERSONS.find((one) => one === get("person")),
    span,
    from: span === "days" ? day("from") : undefined,
    to: span === "days" ? day("to") : undefined,
    text: get("text"),
  });
}

/** The same as an address keeps it: "" for everything, else with its "?". */
export function filterSearch({ span, ...rest }: Filter): string {
  const query = new URLSearchParams(Object.entries({ ...rest, ...(span === "any" ? {} : { time: span }) }));
  return query.size === 0 ? "" : `?${query}`;
}

/** What the server is asked for. Days begin and end as they do where one is. */
export function filterQuery({ span, from, to, ...rest }: Filter, now: Date): Query<"GET /api/conversations"> {
  const midnight = (days: number) => new Date(now.getFullYear(), now.getMonth(), now.getDate() + days);
  const dayOf = (day: string, more: number) => {
    const [year = 0, month = 1, date = 1] = day.split("-").map(Number);
    return new Date(year, month - 1, date + more).toISOString();
  };
  const times =
    span === "days"
      ? { from: from && dayOf(from, 0), to: to && dayOf(to, 1) }
      : { from: span === "any" ? undefined : midnight(1 - Number(span)).toISOString() };
  return only({ ...rest, ...times });
}

/** Whether anything is left out. */
export const isNarrowed = ({ span, ...rest }: Filter): boolean => span !== "any" || Object.keys(rest).length > 0;

/** Without what is undefined. */
export const only = <T extends object>(given: T): { [K in keyof T]: Exclude<T[K], undefined> } =>
  Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) as never;
