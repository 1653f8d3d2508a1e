import type { Appearance } from "@parley/shared/protocol/v1";
import { type Strings, stringsFrom } from "./strings.js";

/** What the flow's settings and the tag say about the look, checked. */
export type Look = {
  readonly title: string;
  /** `#rrggbb` */
  readonly color: string | undefined;
  readonly avatar: string | undefined;
  readonly greeting: string | undefined;
  readonly position: "left" | "right" | undefined;
  readonly strings: Strings;
};
/** From the tag: stronger than the flow's settings. */
export type LookOverrides = { readonly title?: string | undefined; readonly color?: string | undefined };

const text = (value: unknown): string | undefined => (typeof value === "string" && value.trim()) || undefined;

/** `#rgb` or `#rrggbb` as `#rrggbb`; anything else is undefined. */
function color(value: unknown): string | undefined {
  if (typeof value !== "string" || !/^#(?:[\da-f]{3}){1,2}$/i.test(value)) return undefined;
  return value.length === 4 ? value.replace(/[^#]/g, "$&$&") : value;
}

/** Reads an appearance; what it does not know or cannot use is left out. `server`: origin of its paths. */
export function readLook(appearance: Appearance, overrides: LookOverrides, server: string): Look {
  const strings = stringsFrom(appearance.strings);
  const avatar = text(appearance.avatar);
  const { position } = appearance;
  return {
    title: text(overrides.title) ?? text(appearance.title) ?? strings.title,
    color: color(overrides.color) ?? color(appearance.color),
    avatar: avatar && (/^https:\/\//i.test(avatar) ? avatar : /^\/[^/\\]/.test(avatar) ? server + avatar : undefined),
    greeting: text(appearance.greeting),
    position: position === "left" || position === "right" ? position : undefined,
    strings,
  };
}

/** Black or white, whichever reads better on a `#rrggbb` (WCAG contrast). */
export function textOn(background: string): "#000" | "#fff" {
  const [r = 0, g = 0, b = 0] = [1, 3, 5].map((at) => {
    const c = Number.parseInt(background.slice(at, at + 2), 16) / 255;
    return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
  });
  const luminance = 0.2126 * r + 0.7152 * g + 0.0722 * b;
  // Contrast with black against contrast with white.
  return (luminance + 0.05) / 0.05 > 1.05 / (luminance + 0.05) ? "#000" : "#fff";
}
