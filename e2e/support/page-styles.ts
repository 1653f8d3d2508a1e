import type { Page } from "@playwright/test";

/** Every computed style and box of the page's own elements, as one text each, by their place in the document. */
export function pageStyles(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const own = [...document.querySelectorAll("*")].filter(
      (element) => !element.closest("parley-chat, script, link[rel=modulepreload]"),
    );
    return own.map((element) => {
      const style = getComputedStyle(element);
      const { x, y, width, height } = element.getBoundingClientRect();
      const values = Array.from(style, (name) => `${name}:${style.getPropertyValue(name)}`);
      return `${element.tagName} ${[x, y, width, height].join(" ")} ${values.join(";")}`;
    });
  });
}

/** What is seen of a page in a box of its view. */
export type Picture = { readonly png: string; readonly box: { x: number; y: number; width: number; height: number } };

/** Takes a picture as the view is: a screenshot by clip would measure from the document, which a page may have turned. */
export async function pictureIn(page: Page, box: Picture["box"]): Promise<Picture> {
  const session = await page.context().newCDPSession(page);
  const { data } = await session.send("Page.captureScreenshot", { format: "png" });
  await session.detach();
  const whole = ([name, value]: [string, number]) => [name, Math.round(value)] as const;
  return { png: data, box: Object.fromEntries(Object.entries(box).map(whole)) as Picture["box"] };
}

/** How many pixels of two pictures of one size differ by more than can be seen. */
export function differingPixels(page: Page, one: Picture, other: Picture): Promise<number> {
  return page.evaluate(
    async (pictures) => {
      const [a, b] = await Promise.all(
        pictures.map(async ({ png, box }) => {
          const bitmap = await createImageBitmap(await (await fetch(`data:image/png;base64,${png}`)).blob());
          const canvas = new OffscreenCanvas(bitmap.width, bitmap.height);
          const context = canvas.getContext("2d")!;
          context.drawImage(bitmap, 0, 0);
          return context.getImageData(box.x, box.y, box.width, box.height);
        }),
      );
      if (a!.width !== b!.width || a!.height !== b!.height) return Number.POSITIVE_INFINITY;
      let count = 0;
      for (let i = 0; i < a!.data.length; i += 4) {
        const by = Math.max(...[0, 1, 2].map((c) => Math.abs(a!.data[i + c]! - b!.data[i + c]!)));
        if (by > 16) count++;
      }
      return count;
    },
    [one, other],
  );
}
