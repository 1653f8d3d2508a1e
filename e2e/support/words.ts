import type { Page } from "@playwright/test";
import { FILE_NAME_MARK } from "./sample-flow.js";

/** Words of the file, and words of whoever wrote the program, that a reader has others for. */
const FORMAT_WORDS = new RegExp(
  [
    "BotText|ChoiceRe\\w+|(?:Start|End)ChatSession|UserText|(?:group|item|session)Id|sendRequest|matchResponse|chat(?:Text|Prompt)",
    "\\b(?:sessions?|scenarios?|findings?|warnings?|requests?|groupid|pointer)\\b",
    "\\bstates?\\b|\\berrors?\\b|[‘“\"']next[’”\"']",
    "\\b[a-z]+-(?:missing|reused|match|shape|name|number|run|id|text|item|closed|open|html|end|answer|large)\\b|\\bnot-a-flow\\b",
    FILE_NAME_MARK,
  ].join("|"),
  "iu",
);
/** The name of the one view that shows the file's own parts, wherever it is named. */
const NAMES_OF_A_VIEW = /^(?:States|Steps or States)$/;

/**
 * Everything a page says, to the eye and to the ear: text, names, descriptions, placeholders, titles.
 * @param leaving out what is inside these elements, as a selector
 */
const saidOn = (page: Page, leaving: string): Promise<string[]> =>
  page.evaluate((leaving) => {
    const said: string[] = [document.title];
    for (const element of document.body.querySelectorAll("*")) {
      if (element.closest(leaving) || !element.checkVisibility() || ["SCRIPT", "STYLE"].includes(element.tagName))
        continue;
      const names = element.closest("[aria-hidden=true]")
        ? ["title"]
        : ["aria-label", "aria-roledescription", "aria-description", "title", "placeholder", "alt"];
      for (const name of names) said.push(element.getAttribute(name) ?? "");
      for (const node of element.childNodes) if (node instanceof Text) said.push(node.data);
      if (element.matches("input:not([type=radio], [type=checkbox]), textarea"))
        said.push((element as HTMLInputElement).value);
    }
    return [...new Set(said.map((text) => text.replace(/\s+/g, " ").trim()).filter(Boolean))];
  }, leaving);

/** What a page says in words of the file. */
export async function formatWordsOn(page: Page, leaving = ".cm-editor"): Promise<string[]> {
  const said = await saidOn(page, leaving);
  return said.filter((text) => !NAMES_OF_A_VIEW.test(text) && FORMAT_WORDS.test(text)).map((text) => `word: ${text}`);
}
