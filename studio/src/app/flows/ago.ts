const STEPS: readonly (readonly [Intl.RelativeTimeFormatUnit, number])[] = [
  ["minute", 60],
  ["hour", 3600],
  ["day", 86_400],
  ["week", 604_800],
  ["month", 2_629_800],
  ["year", 31_557_600],
];

/**
 * How long ago something was, in words: "3 minutes ago".
 * @param at ISO 8601
 * @param now milliseconds since 1970
 */
export function ago(at: string, now: number): string {
  const seconds = (now - Date.parse(at)) / 1000;
  if (!(seconds >= 60)) return "just now";
  const [unit, size] = STEPS.findLast(([, size]) => seconds >= size) ?? STEPS[0]!;
  return new Intl.RelativeTimeFormat("en", { numeric: "auto" }).format(-Math.floor(seconds / size), unit);
}
