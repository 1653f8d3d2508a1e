import type { Settings } from "@parley/shared/flow/settings";
import { MAX_VARIABLE_LENGTH, MAX_VARIABLES } from "@parley/shared/flow/template";
import type { Draft } from "../document/draft.js";
import { idsOf } from "../document/names.js";
import { FLOW_COLOURS } from "../theme/theme.js";

/** What was typed as a setting: the value that is kept, or why it cannot be, in a sentence. */
export type Read = { readonly value: string } | { readonly why: string };

/** At most so many; the longest of each. */
export const MOST = { origins: 50, variables: MAX_VARIABLES } as const;
const LONGEST = { origin: 300, variable: MAX_VARIABLE_LENGTH, avatar: 300 } as const;

/** A site that may show the flow: scheme, host and port. What was pasted with a path is cut to that. */
export function readOrigin(typed: string): Read {
  const text = typed.trim();
  if (text === "null") return { value: text };
  if (text.includes("*")) return { why: "Name each site by itself: a * stands for nothing here." };
  // A scheme goes before //, and a host alone is meant as a site with https.
  const address = /^[a-z][a-z\d+.-]*:\/\//i.test(text) ? text : `https://${text}`;
  if (text === "" || /\s/.test(text) || !URL.canParse(address)) return { why: NO_SITE };
  const { origin, protocol, hostname } = new URL(address);
  if (protocol !== "https:" && protocol !== "http:") return { why: "A site begins with https:// or http://." };
  const isName = hostname.includes(".") || hostname === "localhost" || hostname.startsWith("[");
  if (!isName) return { why: NO_SITE };
  return origin.length > LONGEST.origin ? { why: "This address is too long." } : { value: origin };
}
const NO_SITE = "Write a site as https://example.org.";

/** A name that the page may set. One name means one thing: no question has it as its ID. */
export function readVariable(typed: string, draft: Draft): Read {
  const name = typed.trim();
  if (name === "") return { why: "A name needs a letter or a number." };
  if (/[{}|]/.test(name)) return { why: "A name has no braces and no |." };
  if (name.length > LONGEST.variable) return { why: `A name has at most ${LONGEST.variable} characters.` };
  const taken = idsOf({ ...draft, settings: {} }).has(name);
  return taken ? { why: "A question has this as its ID in the file." } : { value: name };
}

/** The address of a picture: on any https site, or a path on this server. Empty: none. */
export function readAvatar(typed: string): Read {
  const text = typed.trim();
  if (text === "" || /^\/[^/\\]/.test(text)) return text.length > LONGEST.avatar ? TOO_LONG : { value: text };
  if (/^http:/i.test(text)) return { why: "Use https: pages do not show pictures from http." };
  if (!/^https:\/\//i.test(text) || !URL.canParse(text) || /\s/.test(text))
    return { why: "Write an address that begins with https://, or a path on this server that begins with /." };
  return text.length > LONGEST.avatar ? TOO_LONG : { value: text };
}
const TOO_LONG: Read = { why: `An address has at most ${LONGEST.avatar} characters.` };

/** A colour as `#rrggbb`. Empty: none. */
export function readColour(typed: string): Read {
  const text = typed.trim().toLowerCase();
  const short = /^#?([\da-f])([\da-f])([\da-f])$/.exec(text);
  if (short)
    return {
      value: `#${short
        .slice(1)
        .map((digit) => digit + digit)
        .join("")}`,
    };
  if (text === "") return { value: text };
  return /^#?[\da-f]{6}$/.test(text)
    ? { value: text.startsWith("#") ? text : `#${text}` }
    : { why: `Write a colour as # and six digits or letters a–f, such as ${FLOW_COLOURS[0]}.` };
}

type Appearance = NonNullable<Settings["appearance"]>;

/** The look with one part of it set, or taken away; undefined when nothing is left. */
export function withAppearance<Key extends keyof Appearance>(
  look: Appearance | undefined,
  key: Key,
  value: Appearance[Key],
): Appearance | undefined {
  const changed: Appearance = { ...look };
  if (value === undefined) delete changed[key];
  else changed[key] = value;
  return Object.keys(changed).length === 0 ? undefined : changed;
}
