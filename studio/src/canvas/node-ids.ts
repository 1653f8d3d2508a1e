/** The item of the start flag: no state has this name. */
export const START = "\u0000start";

/** React Flow looks ids up by selectors, so what would end a string in one is written otherwise. */
export const nodeId = (item: string): string =>
  `n-${item.replace(/[^\p{L}\p{N}_-]/gu, (c) => `.${c.codePointAt(0)}.`)}`;
export const handleId = (port: string): string => port.replace(/["\\\n\r\f]/g, (c) => `%${c.codePointAt(0)}`);
/** The id of a card's element, for `aria-activedescendant`. */
export const elementId = (item: string, port?: string): string =>
  port === undefined ? `step-${nodeId(item)}` : `step-${nodeId(item)}-${nodeId(port)}`;
/** Where edges come in on a card. */
export const ENTRY = "in";
