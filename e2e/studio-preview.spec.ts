import type { Page } from "@playwright/test";
import { card } from "./support/drawing.js";
import { PreviewPane } from "./support/preview.js";
import { exampleText, expect, makeFlow, openFlow, test } from "./support/studio.js";

type Flow = Record<string, Record<string, unknown>>;
const flowWith = (change: (flow: Flow) => void): string => {
  const flow = JSON.parse(exampleText("bot-assistant")) as Flow;
  change(flow);
  return JSON.stringify(flow, null, 2);
};
const GREETING = "Hi, I'm Bot! Nice to meet you.";

/** Opens a flow with all of its cards in view. */
async function open(page: Page, text: string): Promise<PreviewPane> {
  await openFlow(page, await makeFlow(page, text));
  const preview = new PreviewPane(page);
  await expect(preview.rows.first()).toBeVisible();
  await page.getByRole("button", { name: "See everything" }).click();
  return preview;
}

test("with a problem in another branch the preview runs; where it comes to it, it is told, and mended", async ({
  page,
}) => {
  const text = flowWith((flow) => {
    flow.langChoiceGo!.next = "anyOtherChoice";
  });
  const preview = await open(page, text);
  await preview.choose("Rust");
  await expect(preview.message("Any other?")).toBeVisible();
  await expect(card(page, "Any other?")).toHaveAttribute("data-waiting");
  await preview.pane.getByRole("button", { name: "Start the preview over" }).click();
  await preview.choose("Go");
  await expect(preview.pane.getByText("The conversation cannot go on from here.")).toBeVisible();
  // The finding's own sentence, and its fix: then the same answer leads on.
  const problem = preview.pane.getByRole("listitem");
  await expect(problem).toHaveCount(1);
  await problem.getByRole("button").last().click();
  await expect(preview.message("Any other?")).toBeVisible();
  await expect(problem).toHaveCount(0);
});

test("while 200 characters are typed nothing moves: not the caret, not the conversation, and one thing is said", async ({
  page,
}) => {
  const preview = await open(page, exampleText("bot-assistant"));
  await preview.toThirdQuestion();
  await card(page, GREETING).click();
  const field = page.getByRole("textbox", { name: "Text", exact: true });
  await field.click();
  await page.keyboard.press("Home");
  for (let n = 0; n < 3; n++) await page.keyboard.press("ArrowRight");
  const frame = await preview.frame();
  // What a screen reader would be told: by the studio, and by the widget's log.
  await page.evaluate(() => {
    const region = document.querySelector("[data-preview-says]")!;
    const said: string[] = [];
    Object.assign(window, { said });
    new MutationObserver(() => region.textContent && said.push(region.textContent)).observe(region, {
      childList: true,
      characterData: true,
      subtree: true,
    });
  });
  await frame.evaluate(() => {
    const log = document.querySelector("body > div")!.shadowRoot!.querySelector("[role=log]")!;
    const read: string[] = [];
    Object.assign(window, { read });
    new MutationObserver((changes) => {
      const added = changes.flatMap(({ addedNodes }) => [...addedNodes].map(({ textContent }) => textContent ?? ""));
      if (added.length > 0 && log.getAttribute("aria-live") !== "off") read.push(...added);
    }).observe(log, { childList: true, subtree: true });
  });
  const typed = "so many words are typed here ".repeat(7).slice(0, 200);
  await page.keyboard.type(typed);
  const expected = `${GREETING.slice(0, 3)}${typed}${GREETING.slice(3)}`;
  await expect(field).toHaveText(expected);
  await expect(preview.message("so many words").first()).toHaveText(
    new RegExp(expected.slice(0, 60).replace(/[.!]/g, ".")),
  );
  await expect(preview.message(typed.slice(-40).trim())).toBeAttached();
  await expect(field).toBeFocused();
  // Still at the third question, with its answers to be given.
  await expect(preview.rows).toHaveCount(6);
  await expect(preview.widget.getByRole("button", { name: "Yes", exact: true })).toBeVisible();
  expect(await page.evaluate(() => (window as unknown as { said: string[] }).said)).toEqual(["Preview updated"]);
  expect(await frame.evaluate(() => (window as unknown as { read: string[] }).read)).toEqual([]);
  await preview.choose("No");
  await expect(preview.message("Great, thanks!")).toBeVisible();
});

test("[P15] script in the preview's frame reads no cookie, no storage and nothing of the studio", async ({
  page,
  expected,
}) => {
  expected.push(
    /Content Security Policy|violates|CORS|Failed to load resource|blocked|Fetch API cannot load|Unsafe attempt to initiate navigation/i,
  );
  const preview = await open(page, exampleText("bot-assistant"));
  await expect(preview.message(GREETING)).toBeVisible();
  const frame = await preview.frame();
  const tried = await frame.evaluate(async () => {
    const attempt = async (run: () => unknown) => {
      try {
        return { got: String(await run()) };
      } catch (error) {
        return { refused: (error as Error).name };
      }
    };
    return {
      origin: window.origin,
      cookie: await attempt(() => document.cookie),
      localStorage: await attempt(() => localStorage.length),
      sessionStorage: await attempt(() => sessionStorage.length),
      indexedDB: await attempt(
        () =>
          new Promise((done, fail) => {
            const request = indexedDB.open("x");
            request.onsuccess = () => done("opened");
            request.onerror = () => fail(request.error);
          }),
      ),
      api: await attempt(() => fetch("/api/session", { credentials: "include" }).then((answer) => answer.text())),
      studio: await attempt(() => parent.document.title),
      top: await attempt(() => {
        parent.location.href = "about:blank";
        return "went";
      }),
    };
  });
  expect(tried.origin).toBe("null");
  const { origin: _, ...rest } = tried;
  for (const [what, outcome] of Object.entries(rest)) expect(outcome, what).toHaveProperty("refused");
  await expect(page).toHaveURL(/\/studio\/f\//);
  // By itself it is no more: its ticket is spent, and it has no cookie to ask for another.
  const alone = await page.context().newPage();
  await alone.goto(await frame.evaluate(() => location.href));
  expect(await alone.evaluate(() => window.origin)).toBe("null");
  await expect(alone.getByText("Not available")).toBeVisible();
  await alone.close();
});

test("back in time, on from there, and from any step; message and step lead to each other", async ({ page }) => {
  const preview = await open(page, exampleText("bot-assistant"));
  await preview.toThirdQuestion();
  await preview.pane.getByRole("button", { name: "One answer back" }).click();
  await expect(preview.message("Any other?")).toHaveCount(0);
  await expect(preview.message("I enabled chat editor")).toBeVisible();
  await expect(preview.widget.getByRole("textbox", { name: "An earlier moment" })).toBeDisabled();
  await expect(card(page, "I enabled chat editor")).toHaveAttribute("data-waiting");
  await expect(preview.pane.getByText("After 1 of 2 answers")).toBeVisible();
  await preview.pane.getByRole("button", { name: "One answer on" }).click();
  await expect(preview.message("Any other?")).toBeVisible();
  await preview.pane.getByRole("button", { name: "One answer back" }).click();
  await preview.pane.getByRole("button", { name: "One answer back" }).click();
  await expect(preview.rows).toHaveCount(2);
  await preview.pane.getByRole("button", { name: "Continue from here" }).click();
  await preview.choose("Go");
  await expect(preview.message("Any other?")).toBeVisible();
  await expect(card(page, "I enabled chat editor")).not.toHaveAttribute("data-path");

  await preview.message("What programming language").click();
  await expect(card(page, "What programming language")).toHaveAttribute("data-selected");
  await card(page, GREETING).click();
  await expect(preview.log.locator("[data-marked]")).toHaveText(new RegExp(GREETING.slice(0, 8)));

  // From a step, by its key.
  await page.getByRole("button", { name: "See everything" }).click();
  await card(page, "Any other?").click();
  await page.keyboard.press("p");
  await expect(preview.rows).toHaveCount(1);
  await preview.choose("No");
  await expect(preview.message("Great, thanks!")).toBeVisible();
  await preview.pane.getByRole("button", { name: "Begin at the start again" }).click();
  await expect(preview.message(GREETING)).toBeVisible();
});

test("answers that lead no further after an edit are told, and are back when it is undone", async ({ page }) => {
  const preview = await open(page, exampleText("bot-assistant"));
  await preview.toThirdQuestion();
  await card(page, "I enabled chat editor").click();
  await page.keyboard.press("Delete");
  await expect(preview.pane.getByText(/Your answer “Zig”/)).toBeVisible();
  await page.keyboard.press("Control+z");
  await expect(preview.message("Any other?")).toBeVisible();
  await expect(preview.pane.getByText(/Your answer “Zig”/)).toHaveCount(0);
});

test("a conversation saved as a test is played with every edit; what is sent can be read", async ({ page }) => {
  const preview = await open(page, exampleText("bot-assistant"));
  await preview.toThirdQuestion();
  await preview.choose("No");
  await expect(preview.message("Great, thanks!")).toBeVisible();
  await preview.pane.getByRole("button", { name: "Save as a test" }).click();
  const name = page.getByRole("textbox", { name: "Name of the test" });
  await expect(name).toHaveValue("Other, Zig, No");
  // The field takes the keyboard a moment after it is there.
  await expect(name).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(page.getByText("“Other, Zig, No” is a test now.")).toBeVisible();

  await page.keyboard.press("Control+k");
  await page.keyboard.type("open: tests");
  await page.keyboard.press("Enter");
  const tests = page.getByRole("complementary", { name: "Tests" });
  await expect(tests.getByText("1 test, all pass")).toBeVisible();
  await expect(tests.getByText("Tested: 5 of 5 steps, 3 of 6 answers")).toBeVisible();
  await tests.getByRole("checkbox", { name: "Show on the drawing" }).check();
  // Only what is in view is drawn.
  await page.getByRole("button", { name: "See everything" }).click();
  await expect(card(page, "Any other?")).toHaveAttribute("data-tested", "yes");

  await card(page, "Great, thanks!").click();
  await page.getByRole("textbox", { name: "Text", exact: true }).click();
  await page.keyboard.press("End");
  await page.keyboard.type(" Bye.");
  await expect(tests.getByText("1 of 1 test fails")).toBeVisible();
  await expect(tests.getByText("Expected Great, thanks!")).toBeVisible();
  await expect(tests.getByText("Came Great, thanks! Bye.")).toBeVisible();
  await tests.getByRole("button", { name: "Expect what came" }).click();
  await expect(tests.getByText("1 test, all pass")).toBeVisible();
  await tests.getByRole("button", { name: "Suggest tests" }).click();
  await expect(tests.getByText("3 tests, all pass")).toBeVisible();
  await expect(tests.getByText("Tested: 5 of 5 steps, 6 of 6 answers")).toBeVisible();
  await tests.getByRole("button", { name: /^Play “Other, Zig, No”/ }).click();
  await expect(preview.message("Great, thanks! Bye.")).toBeVisible();

  await preview.pane.getByRole("button", { name: "More about the preview" }).click();
  await page.getByRole("menuitem", { name: "Show what is sent" }).click();
  const sent = page.getByRole("list", { name: "Frames and records" });
  await expect(sent.getByText('"kind":"Welcome"').first()).toContainText('"token":"…"');
  await expect(sent.getByText('"say')).toHaveCount(0);
});

// Elsewhere whoever was on a page could command the chat: CVE-2025-12245. The widget on a site listens to no message at all.
test("[P15] [postMessage origin] the studio hears its own frame and no other, and the frame the studio", async ({
  page,
}) => {
  const preview = await open(page, exampleText("bot-assistant"));
  await expect(preview.message(GREETING)).toBeVisible();
  const frame = await preview.frame();
  const heard = () => {
    const got: unknown[] = [];
    Object.assign(window, { got });
    addEventListener("message", ({ data }) => got.push(data));
  };
  const got = () => (window as unknown as { got: unknown[] }).got;
  await page.evaluate(heard);
  await frame.evaluate(heard);
  // The page itself, and a frame beside the preview's.
  await page.evaluate(() => {
    document.body.append(Object.assign(document.createElement("iframe"), { name: "beside" }));
    for (const data of [1, 2, "1", { seq: 1 }, [1]]) window.postMessage(data, "*");
  });
  const beside = page.frames().find((one) => one.name() === "beside")!;
  await beside.evaluate(() => {
    for (const data of [1, 2]) {
      parent.postMessage(data, "*");
      for (let n = 0; n < parent.frames.length; n++) parent.frames[n]!.postMessage(data, "*");
    }
  });
  await expect.poll(() => page.evaluate(got)).toEqual([1, 2, "1", { seq: 1 }, [1], 1, 2]);
  await expect.poll(() => frame.evaluate(got)).toEqual([1, 2]);
  await expect(page.locator("[data-selected]")).toHaveCount(0);
  await expect(preview.widget.locator("[data-marked]")).toHaveCount(0);
  // What the frame says is heard, and what the studio answers.
  await preview.message(GREETING).click();
  await expect(card(page, GREETING)).toHaveAttribute("data-selected");
  await expect(preview.widget.locator("[data-marked]")).toHaveCount(1);
});
