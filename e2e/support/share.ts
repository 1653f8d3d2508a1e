import { expect, type FrameLocator, type Locator, type Page } from "@playwright/test";

/** The page of a draft link, as somebody without an account has it. */
export class SharedPage {
  readonly widget: FrameLocator;
  readonly log: Locator;

  constructor(readonly page: Page) {
    this.widget = page.getByRole("region", { name: "Conversation" }).frameLocator("iframe");
    this.log = this.widget.getByRole("log");
  }

  message(words: string): Locator {
    return this.log.locator(".bubble", { hasText: words });
  }

  /** Writes in the dialog that is open, and sends. */
  async say(author: string, text: string): Promise<void> {
    const dialog = this.page.getByRole("dialog");
    if (text !== "") await dialog.getByLabel("Comment", { exact: true }).fill(text);
    await dialog.getByLabel("Your name").fill(author);
    await dialog.getByRole("button", { name: "Send" }).click();
    await expect(dialog).toBeHidden();
  }
}

/** Makes a draft link over the API, for tests that do not test how one is made. @returns its address */
export async function makeLink(page: Page, flow: string, drawing = true): Promise<string> {
  const answer = await page.request.post(`/api/flows/${flow}/links`, {
    headers: { Origin: new URL(page.url()).origin },
    data: { follows: true, drawing },
  });
  expect(answer.status(), await answer.text()).toBe(201);
  return ((await answer.json()) as { url: string }).url;
}
