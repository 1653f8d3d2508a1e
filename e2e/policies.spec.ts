import type { Route } from "@playwright/test";
import { openChat } from "./support/conversation.js";
import { startHostSite } from "./support/host-site.js";
import { watchPolicy } from "./support/policy.js";
import { PreviewPane } from "./support/preview.js";
import { makeLink, SharedPage } from "./support/share.js";
import { expect, listen, makeFlow, openFlow, test } from "./support/studio.js";

test.use({ only: "policies" });

/** A picture of another site, which a visitor is shown and the studio does not ask for. */
const FLOW = JSON.stringify({
  a: {
    sendRequest: { kind: "BotText", content: "Look <img src='https://pictures.example/cat.png' alt='A cat'>" },
    next: "b",
  },
  b: {
    sendRequest: { kind: "ChoiceRequest", groupId: "c", question: "Sure?", items: [{ itemId: "y", content: "Yes" }] },
  },
  y: { matchResponse: { kind: "ChoiceResponse", groupId: "c", itemId: "y" }, next: "a" },
});

test("[P15] [stored script] no page violates its policy, in any of its frames", async ({
  page,
  browser,
  server,
  complaints,
  expected,
}) => {
  const watched = new Set<string>();
  const seen = (path: string) => expect.poll(() => [...watched]).toContain(path);
  const note = (text: string) => text.startsWith("watched: ") && watched.add(text.slice(9));
  page.on("console", (message) => note(message.text()));
  await page.reload();
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
  const asked: string[] = [];
  const pictures = (route: Route) => {
    asked.push(new URL(route.request().frame().url()).pathname);
    return route.fulfill({ contentType: "image/svg+xml", body: '<svg xmlns="http://www.w3.org/2000/svg"/>' });
  };
  await page.route("https://pictures.example/**", pictures);
  const flow = await makeFlow(page, FLOW);
  await openFlow(page, flow);
  await expect(new PreviewPane(page).rows.first()).toBeVisible();
  await seen("/preview");
  await expect.poll(() => asked).toContain("/preview");
  for (const path of [
    "conversations",
    "f/bot-assistant/conversations",
    "f/bot-assistant/answers",
    "inbox",
    "settings",
  ]) {
    await page.goto(`/studio/${path}`);
    await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
    await seen(`/studio/${path}`);
  }
  const link = await makeLink(page, flow);

  const visitor = await browser.newContext();
  await watchPolicy(visitor);
  await visitor.route("https://pictures.example/**", pictures);
  visitor.on("console", (message) => note(message.text()));
  visitor.on("page", (one) => listen(one, complaints));
  const guest = await visitor.newPage();
  // Not signed in is what the server is asked, and what the browser complains of.
  expected.push(/status of 401/);
  await guest.goto(`${server.url}studio/`);
  await expect(guest.getByRole("button", { name: "Sign in" })).toBeVisible();
  await guest.goto(link);
  await expect(new SharedPage(guest).log).toBeVisible();
  await guest.goto(`${server.url}c/bot-assistant`);
  await expect(guest.getByRole("log")).toBeVisible();
  await guest.goto(server.url);
  await seen("/");
  const { origin } = new URL(server.url);
  const site = await startHostSite(origin);
  const policy = {
    "Content-Security-Policy":
      `default-src 'none'; style-src 'self'; script-src ${origin}; img-src ${origin}; ` +
      `connect-src ${origin} ${origin.replace("http", "ws")}; require-trusted-types-for 'script'`,
  };
  await guest.goto(site.page("strict.html", [{}], policy));
  await openChat(guest);
  await expect(guest.getByRole("log")).toBeVisible();
  for (const path of ["/studio/", "/shared", "/c/bot-assistant", "/strict.html"]) await seen(path);
  // The visitor's frames show it; the studio itself asks no other site for anything.
  expect([...new Set(asked)]).toEqual(["/preview"]);
  await visitor.close();
  await site.stop();

  // A violation is heard of, or all this would say nothing.
  expected.push(/violates its img-src by https:\/\/elsewhere\.example|violates the following Content Security Policy/);
  await page.evaluate(() => {
    document.body.append(Object.assign(new Image(), { src: "https://elsewhere.example/a.png" }));
  });
  await expect.poll(() => complaints.join("\n")).toContain("violates its img-src by https://elsewhere.example");
});
