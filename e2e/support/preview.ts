import { expect, type FrameLocator, type Locator, type Page } from "@playwright/test";

/** The studio's preview: the pane, and the widget in its frame. */
export class PreviewPane {
  readonly pane: Locator;
  readonly widget: FrameLocator;
  readonly log: Locator;
  /** The messages that are shown, one row each. */
  readonly rows: Locator;

  constructor(page: Page) {
    this.pane = page.getByRole("complementary", { name: "Preview" });
    this.widget = this.pane.frameLocator("iframe");
    this.log = this.widget.getByRole("log");
    this.rows = this.log.locator("[data-seq]");
  }

  /** Answers a question by its button. */
  async choose(answer: string): Promise<void> {
    await this.widget.getByRole("button", { name: answer, exact: true }).click();
    await expect(this.widget.getByRole("button", { name: answer, exact: true })).toHaveCount(0);
  }

  /** Writes into the widget's editor and sends. */
  async write(text: string): Promise<void> {
    const editor = this.widget.getByRole("textbox");
    await editor.fill(text);
    await editor.press("Enter");
  }

  /** A message by its words. */
  message(words: string): Locator {
    return this.log.locator(".bubble", { hasText: words });
  }

  /** Brings the reference conversation to its third question. */
  async toThirdQuestion(): Promise<void> {
    await this.choose("Other");
    await this.write("Zig");
    await expect(this.message("Any other?")).toBeVisible();
  }

  /** The frame itself, to run script in it as a draft's content might. */
  async frame() {
    const element = await this.pane.locator("iframe").elementHandle();
    const frame = await element?.contentFrame();
    if (!frame) throw new Error("the preview has no frame");
    return frame;
  }
}
