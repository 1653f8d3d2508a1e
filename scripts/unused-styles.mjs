/** A class of Mantine's components: each stands in the script of its component, and in no other. */
const CLASS = /\.(m_[0-9a-f]{6,8})(?![\w-])/g;

/**
 * Takes the rules out of a style sheet that are for components which are in no script of a build.
 * @param {string} css without comments
 * @param {(name: string) => boolean} isUsed whether a class stands in some script
 * @returns {string} what is left
 */
export function withoutUnused(css, isUsed) {
  let kept = "";
  let at = 0;
  while (at < css.length) {
    const open = css.indexOf("{", at);
    const end = css.indexOf(";", at);
    // A statement without a block, such as `@charset`.
    if (end >= 0 && (open < 0 || end < open)) {
      kept += css.slice(at, end + 1);
      at = end + 1;
      continue;
    }
    if (open < 0) return kept + css.slice(at);
    const close = closing(css, open);
    const head = css.slice(at, open);
    const body = css.slice(open + 1, close);
    kept += ruleOf(head, body, isUsed);
    at = close + 1;
  }
  return kept;
}

/**
 * @param {string} head
 * @param {string} body
 * @param {(name: string) => boolean} isUsed
 */
function ruleOf(head, body, isUsed) {
  if (/^\s*@(media|supports|layer|container)\b/.test(head)) {
    const left = withoutUnused(body, isUsed);
    return left.trim() === "" ? "" : `${head}{${left}}`;
  }
  if (/^\s*@/.test(head)) return `${head}{${body}}`;
  const left = selectorsOf(head).filter((selector) => mayMatch(selector, isUsed));
  return left.length === 0 ? "" : `${left.join(",")}{${body}}`;
}

/**
 * Whether something on a page can match: what must not be there (`:not`) may be unknown, everything else has to be known.
 * @param {string} selector
 * @param {(name: string) => boolean} isUsed
 */
function mayMatch(selector, isUsed) {
  // In a list within `:is` or `:where` one of them is enough: such a selector is kept whole.
  if (/:(not|is|where|has)\([^()]*,/.test(selector)) return true;
  const wanted = selector.replace(/:not\((?:[^()]|\([^()]*\))*\)/g, "");
  return [...wanted.matchAll(CLASS)].every(([, name]) => isUsed(/** @type {string} */ (name)));
}

/**
 * The selectors of a list; a comma within brackets is none between two of them.
 * @param {string} head
 */
function selectorsOf(head) {
  /** @type {string[]} */
  const selectors = [];
  let depth = 0;
  let from = 0;
  for (let at = 0; at < head.length; at++) {
    if (head[at] === "\\") at++;
    else if (head[at] === "(" || head[at] === "[") depth++;
    else if (head[at] === ")" || head[at] === "]") depth--;
    else if (head[at] === "," && depth === 0) {
      selectors.push(head.slice(from, at));
      from = at + 1;
    }
  }
  return [...selectors, head.slice(from)];
}

/**
 * The brace that closes a block; what stands in a string is none.
 * @param {string} css
 * @param {number} open
 */
function closing(css, open) {
  let depth = 0;
  let quote = "";
  for (let at = open; at < css.length; at++) {
    const char = css[at];
    if (char === "\\") at++;
    else if (quote !== "") quote = char === quote ? "" : quote;
    else if (char === '"' || char === "'") quote = /** @type {string} */ (char);
    else if (char === "{") depth++;
    else if (char === "}" && --depth === 0) return at;
  }
  throw new Error("The style sheet has a block that is not closed.");
}
