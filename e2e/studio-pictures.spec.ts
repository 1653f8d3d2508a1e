import { readFileSync } from "node:fs";
import type { Locator, Page } from "@playwright/test";
import { card, middle } from "./support/drawing.js";
import { say } from "./support/flow-file.js";
import { startHostSite } from "./support/host-site.js";
import { PreviewPane } from "./support/preview.js";
import { expect, exportedFile, listen, makeFlow, openFlow, test } from "./support/studio.js";

/** A red picture of 8 × 6 pixels. */
const RED =
  "iVBORw0KGgoAAAANSUhEUgAAAAgAAAAGCAYAAAD+Bd/7AAAAM0lEQVR4AayNwQkAAAgCo0Hao+3arj2aJAj8SNAnQUQ4UeXQAGkWbOwGQNnyCfCqYOOuAQAA//80GJ6RAAAABklEQVQDAF43FA3si0sCAAAAAElFTkSuQmCC";
const FLOW = { hello: say("Look here", "more"), more: say("That is all") };

type Given = { readonly name: string; readonly type: string; readonly base64: string };
/** A file as a drag or the clipboard holds it. */
const held = (page: Page, file: Given) =>
  page.evaluateHandle(({ name, type, base64 }) => {
    const data = new DataTransfer();
    data.items.add(new File([Uint8Array.from(atob(base64), (c) => c.charCodeAt(0))], name, { type }));
    return data;
  }, file);

/** Drops a file there, as from a folder of the desktop. */
async function drop(page: Page, to: Locator, file: Given): Promise<void> {
  const dataTransfer = await held(page, file);
  const { x, y } = await middle(to);
  for (const event of ["dragover", "drop"]) await to.dispatchEvent(event, { dataTransfer, clientX: x, clientY: y });
}

/** It was drawn: its bytes came, and the page's policy lets it stand. */
const drawn = async (picture: Locator): Promise<void> =>
  expect.poll(() => picture.evaluate((image: HTMLImageElement) => image.complete && image.naturalWidth)).toBe(8);

test("a picture dropped on a message and one of the bot are seen in the preview and, published, on another site", async ({
  page,
  server,
  expected,
}) => {
  // What is refused is an answer that the browser complains of.
  expected.push(/status of 422/);
  const flow = await makeFlow(page, JSON.stringify(FLOW));
  await openFlow(page, flow);
  const preview = new PreviewPane(page);
  await expect(preview.message("That is all")).toBeVisible();

  await drop(page, card(page, "Look here"), { name: "note.png", type: "image/png", base64: btoa("<script>") });
  await expect(page.getByRole("alert").filter({ hasText: "This is no picture that can be shown" })).toBeVisible();
  await drop(page, card(page, "Look here"), { name: "red.png", type: "image/png", base64: RED });
  const alt = page.getByRole("textbox", { name: "Alternative text" });
  await expect(alt).toBeFocused();
  await page.keyboard.type("A red square");
  // The words are still the words alone.
  await expect(page.getByRole("textbox", { name: "Text", exact: true })).toHaveValue("Look here");
  await drawn(preview.log.getByRole("img", { name: "A red square" }));

  await page.keyboard.press("Escape");
  await page.keyboard.press("Escape");
  const chosen = page.waitForEvent("filechooser");
  await page.getByRole("button", { name: "Upload a picture…" }).click();
  await (await chosen).setFiles({ name: "bot.png", mimeType: "image/png", buffer: Buffer.from(RED, "base64") });
  await expect(page.getByRole("button", { name: "No picture" })).toBeVisible();
  await page.getByRole("radiogroup", { name: "Drawing on the button" }).getByText("Picture").click();
  await drawn(preview.widget.locator(".header img.avatar"));

  await expect.poll(() => exportedFile(page, flow)).toContain('alt=\\"A red square\\"');
  await expect.poll(async () => (await draft(page, flow)).body).toContain('"launcher":"avatar"');
  const published = await page.request.post(`/api/flows/${flow}/versions`, {
    headers: { Origin: new URL(page.url()).origin, "If-Match": (await draft(page, flow)).etag },
    data: { from: { kind: "draft" }, over: 0, note: "" },
  });
  expect(await published.json()).toMatchObject({ version: 1, hints: [] });

  const { origin } = new URL(server.url);
  const site = await startHostSite(origin);
  const policy =
    `default-src 'none'; style-src 'self'; script-src ${origin}; connect-src ${origin} ${origin.replace("http", "ws")}; ` +
    `img-src ${origin}; require-trusted-types-for 'script'; trusted-types 'none'`;
  const visitor = await (await page.context().browser()!.newContext()).newPage();
  const complaints: string[] = [];
  listen(visitor, complaints);
  await visitor.goto(site.page("strict.html", [{ "data-flow": flow }], { "Content-Security-Policy": policy }));
  await drawn(visitor.locator(".launcher img, img.launcher"));
  await visitor.getByRole("button", { name: "Open chat" }).click();
  await drawn(visitor.getByRole("log").getByRole("img", { name: "A red square" }));
  await drawn(visitor.locator(".header img.avatar"));
  expect(complaints).toEqual([]);
  await visitor.context().close();
  await site.stop();
});

test("a picture pasted while one writes stays out of the words, is exported with everything, and goes by an undo", async ({
  page,
}) => {
  await openFlow(page, await makeFlow(page, JSON.stringify(FLOW)));
  await card(page, "That is all").click();
  const text = page.getByRole("textbox", { name: "Text", exact: true });
  await text.focus();
  const clipboardData = await held(page, { name: "image.png", type: "image/png", base64: RED });
  await text.evaluate((field, data) => {
    field.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
  }, clipboardData);
  const pictures = page.getByRole("list", { name: "Pictures" }).getByRole("listitem");
  await drawn(pictures.locator("img"));
  await text.press("End");
  await text.pressSequentially(" of it");
  await expect(text).toHaveValue("That is all of it");

  const download = page.waitForEvent("download");
  await page.keyboard.press("ControlOrMeta+k");
  await page.getByRole("dialog").getByRole("combobox").fill("Export everything");
  await page.keyboard.press("Enter");
  const whole = JSON.parse(readFileSync(await (await download).path(), "utf8"));
  expect(whole.text).toContain("That is all of it\\n<img src=");
  expect(Object.values(whole.assets)).toEqual([RED]);

  await page.getByRole("button", { name: "Remove the picture" }).click();
  await expect(pictures).toHaveCount(0);
  await page.getByRole("button", { name: /^Undo/ }).click();
  await expect(pictures).toHaveCount(1);
  await expect(text).toHaveValue("That is all of it");
});

async function draft(page: Page, flow: string): Promise<{ etag: string; body: string }> {
  const answer = await page.request.get(`/api/flows/${flow}/draft`);
  return { etag: answer.headers().etag!, body: await answer.text() };
}
