import { describe, expect, it } from "vitest";
import { BUILDERS } from "./builders.js";
import { frameOf, moduleOf, pageOf, policyOf, scriptOf, tagOf, testPageOf } from "./snippets.js";

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

  it("is the flow's own page, and a frame of it, whatever the flow is called", () => {
    expect(pageOf(server, "shop")).toBe("https://bots.example/c/shop");
    expect(frameOf(server, "shop", 'Tea "<&> cake')).toBe(
      '<iframe src="https://bots.example/c/shop" title="Tea &#34;&#60;&#38;&#62; cake" width="400" height="640" loading="lazy"></iframe>',
    );
  });

  it("is a script where attributes of a tag do not stay", () => {
    const made: Record<string, unknown>[] = [];
    const page = {
      createElement: (name: string) => {
        const tag = { name, setAttribute: (key: string, value: string) => Object.assign(tag, { [key]: value }) };
        return tag;
      },
      body: { appendChild: (tag: Record<string, unknown>) => made.push(tag) },
    };
    const text = scriptOf(server, "shop");
    new Function("document", text.replace(/<\/?script>/g, ""))(page);
    expect(made).toMatchObject([
      { name: "script", async: true, src: "https://bots.example/widget.js", "data-flow": "shop" },
    ]);
    // Tag Manager takes no newer language than ES5.
    expect(text).not.toMatch(/=>|`|\b(const|let)\b/);
  });
});

describe("the tools that sites are made with", () => {
  it("are those that are asked for", () => {
    expect(BUILDERS.map(({ name }) => name)).toEqual(["WordPress", "Webflow", "Wix", "Shopify", "Google Tag Manager"]);
  });

  it.each(BUILDERS)("$name: one place for the snippet, the tool's words in pairs of asterisks", (builder) => {
    const { steps, snippet } = builder;
    expect(steps.filter((step) => step.snippet)).toHaveLength(1);
    for (const { text } of steps) expect(text.split("*").length % 2, text).toBe(1);
    const text = snippet("https://bots.example/", "shop");
    expect(text).toBe((builder.id === "tag-manager" ? scriptOf : tagOf)("https://bots.example/", "shop"));
  });
});
