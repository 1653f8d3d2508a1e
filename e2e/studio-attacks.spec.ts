import type { Page } from "@playwright/test";
import { ATTACKS } from "./support/attacks.js";
import { expect, test } from "./support/studio.js";

test.use({ only: "studio-attacks" });

/** What a spreadsheet would reckon with. */
const FORMULAS = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", '=HYPERLINK("https://evil.example","x")'];
/** The corpus in texts as long as a visitor's may be. */
const TEXTS: string[] = [];
for (const text of ATTACKS) {
  if (text.trim() === "" || JSON.stringify(text).length > 1_500) continue;
  const longer = `${TEXTS.at(-1)}\n${text}`;
  if (TEXTS.length > 0 && JSON.stringify(longer).length < 3_000) TEXTS[TEXTS.length - 1] = longer;
  else TEXTS.push(text);
}
TEXTS.push(...FORMULAS);
const MARKUP = `"><img src=x onerror=alert(1)><script>alert(1)</script>`;
const PLACE = `https://shop.example/'"><img src=x onerror=alert(1)>/=1+1`;

const FLOW = {
  ask: { sendRequest: { kind: "StartChatSession", sessionId: "say", chatText: "Hello {{name}}" } },
  any: { matchResponse: { kind: "UserText", sessionId: "say" }, next: "ask" },
};

/** A visitor who puts an attack wherever he can put something. @returns his conversation */
const attack = (page: Page, flow: string): Promise<string> =>
  page.evaluate(
    ([flow, page, name, texts]) =>
      new Promise<string>((resolve, reject) => {
        const url = new URL(`/chat/${flow}`, location.href);
        url.protocol = url.protocol.replace("http", "ws");
        const socket = new WebSocket(url, "parley.v1");
        const frames = [
          { kind: "SetVariables", id: "v", values: { name } },
          ...texts.map((content, n) => ({
            ...{ kind: "Send", id: `m${n}` },
            message: { kind: "UserText", sessionId: "say", content },
          })),
        ];
        let sid = "";
        socket.onopen = () => socket.send(JSON.stringify({ kind: "Hello", page }));
        socket.onmessage = ({ data }) => {
          const frame = JSON.parse(String(data));
          if (frame.kind === "Welcome") sid = frame.sid;
          if (frame.kind === "Nack") reject(new Error(String(data)));
          if (frame.kind !== "Turn") return;
          const next = frames.shift();
          if (next) socket.send(JSON.stringify(next));
          else resolve(sid);
        };
        socket.onclose = ({ code }) => reject(new Error(`closed with ${code}`));
      }),
    [flow, PLACE, MARKUP, TEXTS] as const,
  );

/** Nothing of it is an element: all of it is text. */
async function harmless(page: Page): Promise<void> {
  const made = page.locator(
    "main :is(script, iframe, object, embed, base, link, form[action], animate, img[src='x'], a[href^='javascript' i], " +
      "a[href^='data' i], a[href*='evil'], [onerror], [onload], [onclick], [onbegin], [onmouseover])",
  );
  await expect(made).toHaveCount(0);
}

/** A cell of a CSV file begins so. */
const begun = (cell: string) => new RegExp(`,"?${cell.replace(/[()+?.*]/g, "\\$&")}`);

// Elsewhere it ran for whoever read it: CVE-2026-13731, CVE-2026-24399, CVE-2026-27578, CVE-2026-0483, CVE-2021-3741.
test("[P15] [stored script] what a visitor puts in texts, page address and variables does nothing on any screen or in any file", async ({
  page,
}) => {
  page.on("dialog", (dialog) => {
    throw new Error(`a visitor's text has run: ${dialog.message()}`);
  });
  const headers = { origin: new URL(page.url()).origin };
  const text = JSON.stringify(FLOW);
  await page.request.post("/api/flows", { headers, data: { id: "attacked", from: { kind: "file", text } } });
  const published = await page.request.post("/api/flows/attacked/versions", {
    headers,
    data: { from: { kind: "file", text, settings: { variables: ["name"] } }, over: 0, note: "" },
  });
  expect(published.ok(), await published.text()).toBe(true);
  const sid = await attack(page, "attacked");
  const at = `/api/flows/attacked/conversations/${sid}`;
  await page.request.post(`${at}/deeds`, { headers, data: { kind: "Takeover", id: "t", name: "Owner" } });
  await page.request.post(`${at}/notes`, { headers, data: { text: MARKUP } });
  await page.request.post("/api/replies", { headers, data: { title: MARKUP.slice(0, 80), text: MARKUP } });

  await page.goto("/studio/conversations");
  await expect(page.getByRole("list", { name: "Conversations" }).getByRole("listitem").first()).toBeVisible();
  await page.getByRole("searchbox").fill("alert");
  await expect(page.locator("mark").first()).toBeVisible();
  await harmless(page);
  await page.goto(`/studio/f/attacked/conversations/${sid}`);
  const said = page.getByRole("list", { name: "What was said" });
  await expect(said).toContainText("<script>alert(1)</script>");
  await expect(page.getByRole("region", { name: "Notes" })).toContainText(MARKUP);
  await expect(page.getByText(MARKUP, { exact: true }).first()).toBeVisible();
  await page.getByRole("textbox", { name: "Write to the visitor" }).fill("/");
  await expect(page.getByRole("option").first()).toContainText(MARKUP);
  await harmless(page);
  await page.goto("/studio/f/attacked/answers");
  await expect(page.getByRole("table")).toContainText("<script>alert(1)</script>");
  await harmless(page);
  await page.goto("/studio/inbox");
  await page.getByText("All", { exact: true }).click();
  await page.locator("main").getByRole("list").getByRole("button").first().click();
  await expect(page.getByRole("complementary", { name: "The visitor" })).toContainText(MARKUP);
  await expect(said).toContainText("<script>alert(1)</script>");
  await harmless(page);

  for (const [what, format] of [
    ["conversations", "json"],
    ["conversations", "csv"],
    ["conversations", "text"],
    ["answers", "csv"],
  ] as const) {
    const asked = what === "answers" ? "" : `?format=${format}&notes=yes`;
    const file = await page.request.get(`/api/flows/attacked/export/${what}${asked}`);
    const { "content-disposition": disposition, "x-content-type-options": sniff } = file.headers();
    expect([file.status(), disposition?.split(";")[0], sniff]).toEqual([200, "attachment", "nosniff"]);
    const written = await file.text();
    expect(written).toContain(format === "json" ? JSON.stringify(MARKUP).slice(1, -1) : MARKUP.slice(2));
    // A cell that begins as a formula does has an apostrophe before it.
    const cells = FORMULAS.map((formula) => `'${formula.replaceAll('"', '""')}`);
    if (asked.includes("csv")) for (const cell of cells) expect(written).toMatch(begun(cell));
  }
});
