/** Ctrl is ⌘ on a Mac, in keys and labels. */
export const isMac = (platform: string = navigator.platform): boolean => /mac|iphone|ipad/i.test(platform);

type Pressed = Pick<KeyboardEvent, "key" | "code" | "ctrlKey" | "metaKey" | "shiftKey" | "altKey">;

/**
 * Whether an event is this key, written as `mod+shift+z`, `f2`, `?`, `alt+arrowleft`. A sign that needs Shift on some
 * keyboards (`?`, `+`) is taken however it comes about.
 */
export function matches(keys: string, event: Pressed, mac: boolean): boolean {
  const parts = keys.split(/\+(?=.)/);
  const key = parts.pop() ?? "";
  const wants = (name: string) => parts.includes(name);
  const mod = mac ? event.metaKey : event.ctrlKey;
  const other = mac ? event.ctrlKey : event.metaKey;
  if (mod !== wants("mod") || other || event.altKey !== wants("alt")) return false;
  const sign = key.length === 1 && !/[a-z0-9]/i.test(key);
  if (!sign && event.shiftKey !== wants("shift")) return false;
  if (event.key.toLowerCase() === key) return true;
  // The place of the key counts where it types another sign: with Alt on a Mac, in another script, digits that need Shift.
  if (/^\d$/.test(key)) return event.code === `Digit${key}`;
  return event.code === `Key${key.toUpperCase()}` && (event.altKey || event.key > "\x7f");
}

const NAMES: Readonly<Record<string, string>> = {
  arrowup: "↑",
  arrowdown: "↓",
  arrowleft: "←",
  arrowright: "→",
  delete: "Del",
  backspace: "⌫",
  home: "Home",
  end: "End",
  space: "Space",
  escape: "Esc",
  enter: "Enter",
};

const MAC_ORDER = "⌥⇧⌘";

/** A key as a label: `Ctrl+Shift+Z`, on a Mac `⇧⌘Z`. */
export function keyLabel(keys: string, mac: boolean): string {
  const parts = keys.split(/\+(?=.)/).map((part) => {
    if (part === "mod") return mac ? "⌘" : "Ctrl";
    if (part === "shift") return mac ? "⇧" : "Shift";
    if (part === "alt") return mac ? "⌥" : "Alt";
    return NAMES[part] ?? part[0]!.toUpperCase() + part.slice(1);
  });
  if (!mac) return parts.join("+");
  const key = parts.pop();
  return [...parts.sort((a, b) => MAC_ORDER.indexOf(a) - MAC_ORDER.indexOf(b)), key].join("");
}
