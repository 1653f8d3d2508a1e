/** Where something stands in a JSON text that need not be whole. */
export type JsonPlace = {
  readonly at: "key" | "value";
  /** Keys and indexes from the root: of a value, to it; of a key, to its object. */
  readonly path: readonly (string | number)[];
  /** What has been typed of it, from its opening quote on, in UTF-16 units. */
  readonly from: number;
  /** Behind it, its closing quote included. */
  readonly to: number;
  /** Of a text: what stands in it before the place. */
  readonly text: string | undefined;
  /** The keys of the object around, and their values where those are texts or numbers. */
  readonly around: ReadonlyMap<string, string | undefined>;
};

type Level = { readonly begin: number; readonly object: boolean; key: string | number | undefined; wants: Wants };
/** What comes next: the key of an object, a value, or neither (a comma, a bracket). */
type Wants = "key" | "value" | undefined;
type Token = { readonly end: number; readonly value: string };

/**
 * Reads what an editor may complete at a place: it looks at what stands before, so it knows its way in a text that is
 * being typed. Linear.
 */
export function placeIn(text: string, pos: number): JsonPlace | undefined {
  const levels: Level[] = [];
  let i = 0;
  while (i < pos) {
    const sign = text[i]!;
    const level = levels.at(-1);
    if (sign === '"' || isWord(sign)) {
      const token = sign === '"' ? readText(text, i) : readWord(text, i);
      if (pos <= token.end && !(pos === token.end && closes(text, i, token.end))) {
        const typed = sign === '"' ? text.slice(i + 1, pos) : undefined;
        return level && placed(text, levels, level, { from: i, to: token.end, text: typed });
      }
      if (level?.object && level.wants === "key") level.key = token.value;
      if (level) level.wants = undefined;
      i = token.end;
      continue;
    }
    step(levels, level, sign, i);
    i += 1;
  }
  const level = levels.at(-1);
  return level && placed(text, levels, level, { from: pos, to: pos, text: undefined });
}

/** Whether a text has its closing quote: behind that nothing of it can be typed. */
const closes = (text: string, from: number, end: number): boolean =>
  text[from] === '"' && end - from > 1 && text[end - 1] === '"';

function step(levels: Level[], level: Level | undefined, sign: string, at: number): void {
  if (sign === "{") levels.push({ begin: at, object: true, key: undefined, wants: "key" });
  else if (sign === "[") levels.push({ begin: at, object: false, key: 0, wants: "value" });
  else if (sign === "}" || sign === "]") {
    levels.pop();
    const outer = levels.at(-1);
    if (outer) outer.wants = undefined;
  } else if (sign === ":" && level?.object) level.wants = "value";
  else if (sign === "," && level) {
    if (typeof level.key === "number") level.key += 1;
    else level.key = undefined;
    level.wants = level.object ? "key" : "value";
  }
}

function placed(
  text: string,
  levels: readonly Level[],
  level: Level,
  token: Pick<JsonPlace, "from" | "to" | "text">,
): JsonPlace | undefined {
  if (level.wants === undefined) return undefined;
  const above = levels.slice(0, -1).flatMap(({ key }) => (key === undefined ? [] : [key]));
  const own = level.wants === "value" && level.key !== undefined ? [level.key] : [];
  const around: JsonPlace["around"] = level.object ? readAround(text, level.begin) : new Map();
  return { at: level.wants, path: [...above, ...own], around, ...token };
}

/** The keys of the object that begins here, those behind the place included. */
function readAround(text: string, begin: number): Map<string, string | undefined> {
  const found = new Map<string, string | undefined>();
  let depth = 0;
  let key: string | undefined;
  for (let i = begin; i < text.length; ) {
    const sign = text[i]!;
    if (sign === '"' || isWord(sign)) {
      const token = sign === '"' ? readText(text, i) : readWord(text, i);
      if (depth === 1) {
        if (key !== undefined) found.set(key, token.value);
        else if (/^\s*:/.test(text.slice(token.end, token.end + 40))) {
          key = token.value;
          found.set(key, undefined);
        }
      }
      i = token.end;
      continue;
    }
    if (sign === "{" || sign === "[") depth += 1;
    else if (sign === "}" || sign === "]") depth -= 1;
    else if (sign === "," && depth === 1) key = undefined;
    if (depth === 0) break;
    i += 1;
  }
  return found;
}

/** A text from its quote on; one that is not closed ends with its line. */
function readText(text: string, from: number): Token {
  let end = from + 1;
  while (end < text.length && text[end] !== '"' && text[end] !== "\n") end += text[end] === "\\" ? 2 : 1;
  const closed = text[end] === '"';
  const raw = text.slice(from + 1, end);
  return { end: Math.min(closed ? end + 1 : end, text.length), value: raw.includes("\\") ? unescaped(raw) : raw };
}

function unescaped(raw: string): string {
  try {
    return JSON.parse(`"${raw}"`);
  } catch {
    return raw;
  }
}

const isWord = (sign: string): boolean => /[^\s{}[\]:,"]/.test(sign);

function readWord(text: string, from: number): Token {
  let end = from;
  while (end < text.length && isWord(text[end]!)) end += 1;
  return { end, value: text.slice(from, end) };
}
