import { describe, expect, it } from "vitest";
import { moduleOf, policyOf, tagOf, testPageOf } from "./snippets.js";

describe("what a site needs", () => {
  const server = "https://bots.example/";
  it("is the tag, the module, the policy and a page to try", () => {
    expect(tagOf(server, "shop")).toBe('<script async src="https://bots.example/widget.js" data-flow="shop"></script>');
    expect(moduleOf(server, "shop")).toContain('mount({ server: "https://bots.example", flow: "shop" })');
    expect(policyOf(server)).toBe(
      "script-src https://bots.example; connect-src https://bots.example wss://bots.example; img-src https://bots.example",
    );
    expect(policyOf("http://localhost:9998/")).toContain("ws://localhost:9998");
    expect(testPageOf(server, "shop")).toBe("https://bots.example/?flow=shop");
  });
});
