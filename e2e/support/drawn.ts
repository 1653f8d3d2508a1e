import type { Page } from "@playwright/test";

/** What is drawn on the canvas now. */
export type Drawn = {
  /** By the first words of each card: where it is on the screen, in pixels. */
  readonly cards: Readonly<Record<string, { readonly x: number; readonly y: number; readonly width: number }>>;
  readonly selected: readonly string[];
  /** How the drawing stands in its window. */
  readonly view: string;
};

export const drawnOn = (page: Page): Promise<Drawn> =>
  page.evaluate(() => {
    const cards: Record<string, { x: number; y: number; width: number }> = {};
    const selected: string[] = [];
    for (const card of document.querySelectorAll("[aria-roledescription=step], [aria-roledescription=note]")) {
      const words = (card.getAttribute("aria-label") ?? "").replace(/^[^:]*: /, "").replace(/,.*$/, "");
      const { x, y, width } = card.getBoundingClientRect();
      cards[words in cards ? `${words} again` : words] = { x, y, width };
      if (card.hasAttribute("data-selected")) selected.push(words);
    }
    const view = document.querySelector<HTMLElement>(".react-flow__viewport")?.style.transform ?? "";
    return { cards, selected, view };
  });
