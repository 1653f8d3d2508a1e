import { expect, type Page } from "@playwright/test";

/**
 * Where the keyboard is, and whether one sees it: the element with the focus, or the one that it marks as being in hand,
 * looks other than it would without. The same element is drawn beside it for a moment, without the focus, to compare.
 */
const focusOn = (page: Page): Promise<{ lost: boolean; seen: boolean; what: string }> =>
  page.evaluate(() => {
    const MARKS = ["aria-selected", "data-current", "data-selected", "data-in-hand", "data-combobox-selected"];
    const LOOKS = ["outline", "boxShadow", "borderColor", "backgroundColor", "textDecorationLine"] as const;
    const focused = document.activeElement;
    const what = `${focused?.tagName.toLowerCase()} “${(focused?.getAttribute("aria-label") ?? focused?.textContent ?? "").slice(0, 40)}”`;
    if (focused === null || focused === document.body) return { lost: true, seen: false, what };
    if (focused instanceof HTMLIFrameElement) return { lost: false, seen: true, what };
    // A field has a caret; so has an editor of text.
    if (focused.matches("input:not([type=radio], [type=checkbox]), textarea, [contenteditable=true]"))
      return { lost: false, seen: true, what };
    const marked = document.getElementById(focused.getAttribute("aria-activedescendant") ?? "");
    const looksOf = (element: Element) =>
      [element, ...element.querySelectorAll("*")].slice(0, 40).map((part) => {
        const style = getComputedStyle(part);
        return LOOKS.map((look) => style[look]).join();
      });
    const differs = (element: Element) => {
      const copy = element.cloneNode(true) as Element;
      for (const part of [copy, ...copy.querySelectorAll("*")]) for (const mark of MARKS) part.removeAttribute(mark);
      element.after(copy);
      const seen = looksOf(element).join("\n") !== looksOf(copy).join("\n");
      copy.remove();
      return seen;
    };
    // A radio button or a switch is drawn by what follows it.
    const drawn = focused.matches("input") ? focused.nextElementSibling : null;
    return {
      lost: false,
      seen: [marked, focused, drawn].some((element) => element !== null && differs(element)),
      what,
    };
  });

/** The keyboard is somewhere, and one sees where. */
export async function expectFocusSeen(page: Page, after: string): Promise<void> {
  await expect(async () => {
    const { lost, seen, what } = await focusOn(page);
    expect(lost, `the focus is lost after: ${after}`).toBe(false);
    expect(seen, `the focus on ${what} is not seen after: ${after}`).toBe(true);
  }).toPass({ timeout: 2_000 });
}
