import type { BrowserContext, Page } from "@playwright/test";
import { drawing } from "./support/drawing.js";
import { type FlowFile, fileOf, saved, say } from "./support/flow-file.js";
import { type Server, startServer } from "./support/server.js";
import { expect, listen, makeFlow, openFlow, signIn, test } from "./support/studio.js";

test.use({ actionTimeout: 10_000 });

/** Names that were given by hand: they do not follow what is written. */
const FLOW: FlowFile = { a: say("One. ", "b"), b: say("Two. ", "c"), c: say("Three. ") };
/** Whoever saves second is told so by the server, and the browser writes that down. */
const RACE = /status of 412/;

const words = (page: Page) => page.getByRole("textbox", { name: "Text", exact: true });
const state = (page: Page, label: string) => page.getByRole("status").getByText(label, { exact: true });

/** A message in the outline, which has all of them wherever the drawing is. */
const row = (page: Page, message: string) =>
  page.getByRole("treeitem", { name: new RegExp(`^Message: ${message.replaceAll(".", "\\.")}`) });

async function openOutline(page: Page, flow: string): Promise<void> {
  await openFlow(page, flow);
  await page.getByRole("button", { name: "Outline", exact: true }).click();
}

/** Takes a message in hand, with the keyboard at the end of its text. */
async function writeIn(page: Page, message: string): Promise<void> {
  await row(page, message).click();
  await words(page).click();
  await page.keyboard.press("Control+End");
}
/** Closes a tab as a hand does, and waits until it has gone. */
async function closeTab(page: Page): Promise<void> {
  const gone = page.waitForEvent("close");
  await page.close({ runBeforeUnload: true });
  await gone;
}
const textOf = (file: FlowFile, name: string) => file[name]?.sendRequest?.content;

test.describe("the server goes away while one edits", () => {
  let server: Server;
  let context: BrowserContext;
  let page: Page;

  test.beforeEach(async ({ browser, viewport, complaints, expected }) => {
    // A preview lives in the memory of the server: after the restart the page asks for it, and makes a new one.
    expected.push(/ERR_CONNECTION_REFUSED|ERR_EMPTY_RESPONSE|ERR_CONNECTION_RESET|WebSocket connection|status of 404/);
    server = await startServer();
    context = await browser.newContext({ baseURL: server.url, viewport, reducedMotion: "reduce" });
    context.on("page", (page) => listen(page, complaints));
    page = await context.newPage();
    await signIn(page, server);
  });
  test.afterEach(async () => {
    await context.close();
    await server.stop("SIGKILL");
  });
  /** The same address, the same data. */
  const startAgain = async () => {
    server = await startServer({ port: new URL(server.url).port, dataDir: server.dataDir });
  };

  test("it says so, and what was written arrives when the server is back", async () => {
    const flow = await makeFlow(page, fileOf(FLOW));
    await openOutline(page, flow);
    await writeIn(page, "One.");
    await page.keyboard.type("Before");
    await saved(page, flow, (file) => expect(textOf(file, "a")).toBe("One. Before"));
    await server.stop();
    await page.keyboard.type(" and without it");
    await expect(state(page, "Offline, kept here")).toBeVisible();
    await writeIn(page, "Two.");
    await page.keyboard.type("Still away");
    await startAgain();
    await expect(state(page, "Saved")).toBeVisible({ timeout: 30_000 });
    await saved(page, flow, (file) => {
      expect(textOf(file, "a")).toBe("One. Before and without it");
      expect(textOf(file, "b")).toBe("Two. Still away");
    });
    await expect(page.getByRole("dialog")).toHaveCount(0);
  });

  test("also when the tab was closed meanwhile", async () => {
    const flow = await makeFlow(page, fileOf(FLOW));
    await openOutline(page, flow);
    await writeIn(page, "Three.");
    await server.stop();
    await page.keyboard.type("Never sent");
    await expect(state(page, "Offline, kept here")).toBeVisible();
    await closeTab(page);
    await startAgain();
    page = await context.newPage();
    await openOutline(page, flow);
    await expect(row(page, "Three. Never sent")).toBeVisible();
    await saved(page, flow, (file) => expect(textOf(file, "c")).toBe("Three. Never sent"));
    await page.getByRole("button", { name: "Undo", exact: true }).click();
    await saved(page, flow, (file) => expect(file).toEqual(FLOW));
  });
});

test("three at once type into three messages for ten seconds: no dialog, no lost character", async ({
  page,
  context,
  another,
  complaints,
  expected,
}) => {
  test.setTimeout(120_000);
  expected.push(RACE);
  const flow = await makeFlow(page, fileOf(FLOW));
  const tab = await context.newPage();
  listen(tab, complaints);
  const other = (await another()).pages()[0]!;
  const writers = [
    { page, name: "a", message: "One.", letters: "abcdefghij" },
    { page: tab, name: "b", message: "Two.", letters: "klmnopqrst" },
    { page: other, name: "c", message: "Three.", letters: "uvwxyz0123" },
  ];
  for (const { page, message } of writers) {
    await openOutline(page, flow);
    await writeIn(page, message);
    // Before what is there: a caret that jumps would be seen.
    await page.keyboard.press("Control+Home");
  }
  // Each sees the others.
  await expect(page.getByRole("img", { name: /your other tab/ }).first()).toBeVisible();

  const until = Date.now() + 10_000;
  const typed = await Promise.all(
    writers.map(async ({ page, letters }) => {
      let all = "";
      for (let i = 0; Date.now() < until; i++) {
        const word = i % 6 === 5 ? " " : letters[i % letters.length]!;
        await page.keyboard.type(word, { delay: 40 });
        all += word;
      }
      return all;
    }),
  );
  for (const [index, { page, message }] of writers.entries()) {
    expect(typed[index]!.length).toBeGreaterThan(20);
    await expect(words(page)).toHaveValue(`${typed[index]}${message} `);
    await expect(page.getByRole("dialog")).toHaveCount(0);
    await expect(page.getByText("Somebody else changed")).toHaveCount(0);
  }
  await saved(page, flow, (file) => {
    for (const [index, { name, message }] of writers.entries())
      expect(textOf(file, name)).toBe(`${typed[index]}${message} `);
  });
  // All see all.
  for (const { page } of writers) for (const each of typed) await expect(row(page, each.slice(0, 12))).toBeVisible();
  await tab.close();
});

for (const take of ["Take mine", "Keep theirs"] as const) {
  test(`two type into one message: one choice at the field, and nothing else is lost: ${take}`, async ({
    page,
    another,
    expected,
  }) => {
    expected.push(RACE);
    const flow = await makeFlow(page, fileOf(FLOW));
    const other = (await another()).pages()[0]!;
    const pages = [page, other];
    for (const [index, each] of pages.entries()) {
      await openOutline(each, flow);
      // Something else that only one of them changes.
      await writeIn(each, index === 0 ? "Two." : "Three.");
      await each.keyboard.type(`by ${index}`);
    }
    await saved(page, flow, (file) =>
      expect([textOf(file, "b"), textOf(file, "c")]).toEqual(["Two. by 0", "Three. by 1"]),
    );
    for (const each of pages) await writeIn(each, "One.");
    const until = Date.now() + 5000;
    const typed = await Promise.all(
      pages.map(async (each, index) => {
        let all = "";
        for (let i = 0; Date.now() < until; i++) {
          const letter = (index === 0 ? "abcdefghij" : "0123456789")[i % 10]!;
          await each.keyboard.type(letter, { delay: 40 });
          all += letter;
        }
        return all;
      }),
    );
    const choice = (each: Page) => each.getByRole("region", { name: "Somebody else changed this too." });
    await expect(async () => {
      const shown = (await choice(page).count()) + (await choice(other).count());
      expect(shown).toBe(1);
    }).toPass({ timeout: 15_000 });
    const chooser = (await choice(page).count()) === 1 ? 0 : 1;
    const mine = `One. ${typed[chooser]}`;
    const theirs = `One. ${typed[1 - chooser]}`;
    const chooses = pages[chooser]!;
    // Both values, whole; what one has typed is still in the field.
    await expect(words(chooses)).toHaveValue(mine);
    await expect(choice(chooses).getByRole("definition")).toHaveText([theirs, mine]);
    await expect(chooses.getByRole("dialog")).toHaveCount(0);
    await saved(page, flow, (file) => expect(textOf(file, "a")).toBe(theirs));

    await choice(chooses).getByRole("button", { name: take }).click();
    await expect(choice(chooses)).toHaveCount(0);
    await expect(words(chooses)).toHaveValue(take === "Take mine" ? mine : theirs);
    await saved(page, flow, (file) => {
      expect(textOf(file, "a")).toBe(take === "Take mine" ? mine : theirs);
      expect([textOf(file, "b"), textOf(file, "c")]).toEqual(["Two. by 0", "Three. by 1"]);
    });
    for (const each of pages) {
      await expect(words(each)).toHaveValue(take === "Take mine" ? mine : theirs);
      await expect(choice(each)).toHaveCount(0);
      await expect(state(each, "Saved")).toBeVisible();
    }
  });
}

/** Both do something while the other does not know of it: the first is told only when the second saves. */
async function apart(first: Page, second: Page, doFirst: () => Promise<void>, doSecond: () => Promise<void>) {
  await second.context().setOffline(true);
  await doFirst();
  await expect(state(first, "Saved")).toBeVisible();
  await doSecond();
  await second.context().setOffline(false);
}

for (const [who, take, left] of [
  ["I changed what they deleted", "Bring it back", ["a", "b", "c"]],
  ["I changed what they deleted", "Leave it deleted", ["a", "b"]],
  ["they changed what I deleted", "Delete it", ["a", "b"]],
  ["they changed what I deleted", "Keep it", ["a", "b", "c"]],
] as const) {
  test(`a step that one deleted and the other changed: ${who}: ${take}`, async ({ page, another, expected }) => {
    expected.push(/ERR_INTERNET_DISCONNECTED/, RACE);
    const flow = await makeFlow(page, fileOf(FLOW));
    const other = (await another()).pages()[0]!;
    for (const each of [page, other]) await openOutline(each, flow);
    const write = (each: Page) => async () => {
      await writeIn(each, "Three.");
      await each.keyboard.type("changed");
    };
    const remove = (each: Page) => async () => {
      await row(each, "Three.").click();
      await each.keyboard.press("Delete");
      await expect(row(each, "Three.")).toHaveCount(0);
    };
    const mine = who === "they changed what I deleted" ? remove(other) : write(other);
    const theirs = who === "they changed what I deleted" ? write(page) : remove(page);
    await apart(page, other, theirs, mine);
    await expect(other.getByRole("region", { name: /Somebody else (deleted|changed) ‘Three/ })).toBeVisible({
      timeout: 20_000,
    });
    await other.getByRole("button", { name: take }).click();
    await saved(page, flow, (file) => {
      expect(Object.keys(file)).toEqual(left);
      if (left.length === 3) expect(textOf(file, "c")).toBe("Three. changed");
      expect(textOf(file, "a")).toBe("One. ");
    });
    await expect(other.getByText(/Somebody else/)).toHaveCount(0);
  });
}

for (const take of ["Take mine", "Keep theirs"] as const) {
  test(`a setting that both changed: ${take}`, async ({ page, another, expected }) => {
    expected.push(/ERR_INTERNET_DISCONNECTED/, RACE);
    const flow = await makeFlow(page, fileOf(FLOW));
    const other = (await another()).pages()[0]!;
    const greet = (each: Page, words: string) => async () => {
      await each.getByRole("textbox", { name: "Greeting" }).fill(words);
    };
    for (const each of [page, other]) await openOutline(each, flow);
    await apart(page, other, greet(page, "Hello from them"), greet(other, "Hello from me"));
    const choice = other.getByRole("region", { name: "Somebody else changed the look too." });
    await expect(choice).toBeVisible({ timeout: 20_000 });
    await expect(choice.getByRole("definition")).toHaveText([/Hello from them/, /Hello from me/]);
    await choice.getByRole("button", { name: take }).click();
    const wanted = take === "Take mine" ? "Hello from me" : "Hello from them";
    await expect(other.getByRole("textbox", { name: "Greeting" })).toHaveValue(wanted);
    await expect(page.getByRole("textbox", { name: "Greeting" })).toHaveValue(wanted);
    await expect(choice).toHaveCount(0);
  });
}

test("what is unsaved, and a choice that is open, are still there after the page was closed", async ({
  page,
  another,
  expected,
}) => {
  expected.push(/ERR_INTERNET_DISCONNECTED/, RACE);
  const flow = await makeFlow(page, fileOf(FLOW));
  const context = await another();
  const other = context.pages()[0]!;
  for (const each of [page, other]) await openOutline(each, flow);
  const write = (each: Page, words: string) => async () => {
    await writeIn(each, "One.");
    await each.keyboard.type(words);
  };
  await apart(page, other, write(page, "theirs"), write(other, "mine"));
  const choice = (each: Page) => each.getByRole("region", { name: "Somebody else changed this too." });
  await expect(choice(other)).toBeVisible({ timeout: 20_000 });
  await other.keyboard.type(" and more");
  await closeTab(other);
  const again = await context.newPage();
  await openOutline(again, flow);
  await expect(drawing(again)).toBeVisible();
  await again.getByRole("button", { name: "Choose" }).click();
  await expect(choice(again).getByRole("definition")).toHaveText(["One. theirs", "One. mine and more"]);
  await choice(again).getByRole("button", { name: "Take mine" }).click();
  await saved(page, flow, (file) => expect(textOf(file, "a")).toBe("One. mine and more"));
});
