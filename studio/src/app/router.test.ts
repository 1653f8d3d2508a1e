import { expect, it } from "vitest";
import { conversationPath, flowPath, readRoute } from "./router.js";

const SID = "0123456789".repeat(4);

it.each([
  ["/studio", { screen: "flows" }],
  ["/studio/", { screen: "flows" }],
  ["/studio/login", { screen: "login" }],
  ["/studio/f/bot-assistant", { screen: "editor", flow: "bot-assistant" }],
  ["/studio/f/bot-assistant/", { screen: "editor", flow: "bot-assistant" }],
  ["/studio/f/a/b", { screen: "unknown" }],
  ["/studio/conversations", { screen: "conversations" }],
  ["/studio/f/faq/conversations", { screen: "conversations", flow: "faq" }],
  [`/studio/f/faq/conversations/${SID}`, { screen: "conversation", flow: "faq", id: SID }],
  [`/studio/f/faq/conversations/${SID}-2`, { screen: "conversation", flow: "faq", id: `${SID}-2` }],
  ["/studio/f/faq/conversations/other", { screen: "unknown" }],
  ["/studio/f/faq/answers", { screen: "answers", flow: "faq" }],
  ["/studio/f/faq/counts", { screen: "counts", flow: "faq" }],
  ["/studio/settings/webhooks", { screen: "settings", part: "webhooks" }],
  ["/studio/settings/other", { screen: "unknown" }],
  ["/studio/f/%E0%A4%A", { screen: "unknown" }],
  ["/studio/f/", { screen: "unknown" }],
  ["/other", { screen: "unknown" }],
])("%s", (path, route) => {
  expect(readRoute(path)).toEqual(route);
});

it("the address of a flow leads to it, and of what visitors said in it to that", () => {
  expect(readRoute(flowPath("a-1"))).toEqual({ screen: "editor", flow: "a-1" });
  expect(readRoute(conversationPath("a-1", SID))).toEqual({ screen: "conversation", flow: "a-1", id: SID });
});
