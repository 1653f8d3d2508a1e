// @vitest-environment happy-dom
import { act, createElement } from "react";
import { createRoot } from "react-dom/client";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Handle } from "./options.js";
import { ParleyChat, type ParleyChatProps } from "./react.js";

const place = document.createElement("div");
let root: ReturnType<typeof createRoot>;
const render = (props: Partial<ParleyChatProps> | null) =>
  act(() => root.render(props && createElement(ParleyChat, { flow: "tea", server: "https://bots.example", ...props })));
const widgets = () => [...document.querySelectorAll<HTMLElement>("parley-chat")];

beforeEach(() => {
  vi.stubGlobal("IS_REACT_ACT_ENVIRONMENT", true);
  vi.stubGlobal("fetch", () => Promise.reject(new Error("offline")));
  vi.stubGlobal(
    "IntersectionObserver",
    class {
      observe() {}
      disconnect() {}
    },
  );
  document.body.replaceChildren(place);
  root = createRoot(place);
});
afterEach(async () => {
  await act(() => root.unmount());
  vi.unstubAllGlobals();
});

describe("ParleyChat", () => {
  it("is one widget as long as it is there, whatever its listeners; another flow is another", async () => {
    const heard: string[] = [];
    const handles: (Handle | undefined)[] = [];
    const handle = (given: Handle | undefined) => handles.push(given);
    await render({ handle, onOpen: () => heard.push("first") });
    const [first] = widgets();
    await render({ handle, onOpen: () => heard.push("second") });
    expect(widgets()).toEqual([first]);
    first!.dispatchEvent(new CustomEvent("parley:open", { detail: {} }));
    expect(heard).toEqual(["second"]);
    expect(handles[0]?.element).toBe(first);
    await render({ handle, flow: "cake" });
    expect(widgets().map(({ dataset }) => dataset.parley)).toEqual(["cake"]);
    await render(null);
    expect(widgets()).toEqual([]);
    expect(handles.at(-1)).toBeUndefined();
  });

  it("is in its own element where it is inline", async () => {
    await render({ mode: "inline", className: "box", style: { height: 500 } });
    expect(widgets()[0]?.parentElement?.className).toBe("box");
    expect(place.firstElementChild?.getAttribute("style")).toBe("height: 500px;");
  });
});
