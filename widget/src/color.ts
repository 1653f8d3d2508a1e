/** A `#rrggbb`; anything else is undefined. */
export const readColor = (value: unknown): string | undefined =>
  typeof value === "string" && /^#[\da-f]{6}$/i.test(value) ? value : undefined;

/** Black or white, whichever reads better on a `#rrggbb`: in contrast at least 4.5 (WCAG AA), by a power near to sRGB's. */
export function textOn(color: string): "#000" | "#fff" {
  const light = (at: number) => (Number.parseInt(color.slice(at, at + 2), 16) / 255) ** 2.21;
  return 0.2126 * light(1) + 0.7152 * light(3) + 0.0722 * light(5) > 0.18 ? "#000" : "#fff";
}

/**
 * The rule that colours a widget. A light colour is darkened where it must stand out from white, as an edge or a focus
 * ring.
 */
export function colorRule(color: string | undefined, theme: string): string {
  const scheme = theme === "light" || theme === "dark" ? theme : "light dark";
  const on = color && textOn(color);
  const colors = on ? `--parley-color:${color};--parley-on:${on};--parley-edge:${on === "#000" ? 45 : 100}%` : "";
  return `:host{color-scheme:${scheme}!important;${colors}}`;
}
