// @vitest-environment happy-dom
import { describe, expect, it } from "vitest";
import { drawRichText } from "./rich-text-view.js";

function draw(source: string): HTMLElement {
  const box = document.createElement("div");
  box.append(...drawRichText(source, "https://bots.example", "opens in a new tab"));
  return box;
}

describe("drawRichText", () => {
  it("opens links apart from the page, paths at the flow's server", () => {
    const link = draw("<a href='/help' target=_self rel=opener>x</a>").querySelector("a");
    expect(link?.getAttribute("href")).toBe("https://bots.example/help");
    expect(link?.getAttribute("rel")).toBe("noopener noreferrer");
    expect(link?.getAttribute("target")).toBe("_blank");
    expect(link?.textContent).toBe("x (opens in a new tab)");
    expect(draw("<a href='mailto:a@b.example'>x</a>").querySelector("a")?.getAttribute("href")).toBe(
      "mailto:a@b.example",
    );
  });

  it("gives a picture its size and an alt in any case", () => {
    const picture = draw("<img src=/a.png width=20 height=10 onload=1>").querySelector("img");
    const attributes = Object.fromEntries([...(picture?.attributes ?? [])].map(({ name, value }) => [name, value]));
    expect(attributes).toEqual({
      src: "https://bots.example/a.png",
      width: "20",
      height: "10",
      alt: "",
      decoding: "async",
      referrerpolicy: "no-referrer",
    });
  });

  it("draws text as text", () => {
    const box = draw("&lt;img src=x onerror=1&gt; <b>a</b>");
    expect(box.textContent).toBe("<img src=x onerror=1> a");
    expect([...box.children].map(({ tagName }) => tagName)).toEqual(["B"]);
  });
});
