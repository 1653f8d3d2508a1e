import { expect, it } from "vitest";
import { flowPath, readRoute } from "./router.js";

it.each([
  ["/studio", { screen: "flows" }],
  ["/studio/", { screen: "flows" }],
  ["/studio/login", { screen: "login" }],
  ["/studio/f/bot-assistant", { screen: "editor", flow: "bot-assistant" }],
  ["/studio/f/bot-assistant/", { screen: "editor", flow: "bot-assistant" }],
  ["/studio/f/a/b", { screen: "unknown" }],
  ["/studio/f/%E0%A4%A", { screen: "unknown" }],
  ["/studio/f/", { screen: "unknown" }],
  ["/other", { screen: "unknown" }],
])("%s", (path, route) => {
  expect(readRoute(path)).toEqual(route);
});

it("the address of a flow leads to it", () => {
  expect(readRoute(flowPath("a-1"))).toEqual({ screen: "editor", flow: "a-1" });
});
