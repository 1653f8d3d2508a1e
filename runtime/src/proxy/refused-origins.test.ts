import { describe, expect, it } from "vitest";
import { RefusedOrigins } from "./refused-origins.js";

describe("origins that were refused", () => {
  it("are counted and listed by flow, those of late first, without those allowed since", () => {
    let now = 0;
    const refused = new RefusedOrigins(() => ++now);
    for (const origin of ["https://a.example", "https://b.example", "https://a.example"]) refused.note("shop", origin);
    refused.note("other", "http://localhost:8080");
    expect(refused.list("shop", [])).toEqual([
      { origin: "https://a.example", count: 2, at: 3 },
      { origin: "https://b.example", count: 1, at: 2 },
    ]);
    expect(refused.list("shop", ["https://a.example"]).map(({ origin }) => origin)).toEqual(["https://b.example"]);
    expect(refused.list("other", [])).toHaveLength(1);
    expect(refused.list("none", [])).toEqual([]);
  });

  it("are 20 at most, and those seen longest ago go", () => {
    const refused = new RefusedOrigins(() => 0);
    for (let i = 0; i < 30; i++) {
      refused.note("shop", `https://s${i}.example`);
      refused.note("shop", "https://often.example");
    }
    const listed = refused.list("shop", []);
    expect(listed).toHaveLength(20);
    expect(listed[0]).toMatchObject({ origin: "https://often.example", count: 30 });
    expect(listed.at(-1)!.origin).toBe("https://s11.example");
    for (let i = 0; i < 1_500; i++) refused.note(`flow-${i}`, "https://a.example");
    expect(refused.list("shop", [])).toEqual([]);
    expect(refused.list("flow-1499", [])).toHaveLength(1);
  });

  it.each(["https://xn--bcher-kva.example", "http://127.0.0.1:8080", "http://[::1]:3000", "https://a.example:8443"])(
    "%s is one",
    (origin) => {
      const refused = new RefusedOrigins(() => 0);
      refused.note("shop", origin);
      expect(refused.list("shop", [])).toHaveLength(1);
    },
  );

  it.each([
    undefined,
    "null",
    "",
    "https://bücher.example",
    "https://a.example/",
    "https://A.example",
    "https://a.example:443",
    "file://",
    "javascript:alert(1)",
    "https://user@a.example",
    "https://a.example\u202e",
    "https://a.example https://b.example",
    "chrome-extension://abcdef",
    `https://${"a".repeat(400)}.example`,
  ])("%j is none, and is not shown", (origin) => {
    const refused = new RefusedOrigins(() => 0);
    refused.note("shop", origin);
    expect(refused.list("shop", [])).toEqual([]);
  });
});
