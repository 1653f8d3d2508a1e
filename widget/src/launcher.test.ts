// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Handle } from "./conversation.js";
import { type ConversationModule, startWidget } from "./launcher.js";

let script: HTMLScriptElement;
let calls: string[];
let handle: Handle;
const module: ConversationModule = {
  mount: (options) => {
    calls.push(`mount ${options.server} ${options.flow} ${options.mode}`);
    const act = (name: string) => () => {
      calls.push(name);
      options.host.dispatchEvent(new CustomEvent(`parley:${name}`, { bubbles: true }));
    };
    return { open: act("open"), close: act("close"), reset: act("reset"), destroy: act("destroy") };
  },
};
const load = vi.fn(() => Promise.resolve(module));
const host = () => document.querySelector<HTMLElement>("[data-parley]")!;
const launcher = () =>
  host().shadowRoot?.querySelector<HTMLButtonElement>('[aria-label="Open chat"]') as HTMLButtonElement;

beforeEach(() => {
  calls = [];
  load.mockClear();
  script = document.createElement("script");
  Object.defineProperty(script, "src", { value: "https://bots.example/widget.js" });
  script.dataset.flow = "tea";
});
afterEach(() => {
  handle.destroy();
  document.body.replaceChildren();
});

describe("startWidget", () => {
  it("draws a launcher and loads nothing until somebody shows interest", async () => {
    handle = startWidget(script, load);
    document.dispatchEvent(new PointerEvent("pointermove", { clientX: 10, clientY: 10 }));
    expect(load).not.toHaveBeenCalled();
    const { innerWidth, innerHeight } = window;
    document.dispatchEvent(new PointerEvent("pointermove", { clientX: innerWidth - 50, clientY: innerHeight - 50 }));
    expect(load).toHaveBeenCalledWith("https://bots.example/widget.js");
    await vi.waitFor(() => expect(calls).toEqual(["mount https://bots.example tea bubble"]));
    launcher().click();
    await vi.waitFor(() => expect(calls.at(-1)).toBe("open"));
    expect(load).toHaveBeenCalledTimes(1);
    expect(launcher().hidden).toBe(true);
    handle.close();
    await vi.waitFor(() => expect(launcher().hidden).toBe(false));
    expect(host().shadowRoot?.activeElement).toBe(launcher());
  });

  it("takes calls before the conversation has come", async () => {
    handle = startWidget(script, load);
    expect(window.Parley).toBe(handle);
    handle.open();
    handle.reset();
    await vi.waitFor(() => expect(calls.slice(1)).toEqual(["open", "reset"]));
  });

  it("says when the conversation cannot be loaded, and tries again", async () => {
    const errors: unknown[] = [];
    document.addEventListener("parley:error", (event) => errors.push((event as CustomEvent).detail.code), {
      once: true,
    });
    load.mockImplementationOnce(() => Promise.reject(new Error("offline")));
    handle = startWidget(script, load);
    launcher().click();
    await vi.waitFor(() => expect(errors).toEqual(["not-loaded"]));
    await vi.waitFor(() => expect(launcher().hasAttribute("aria-busy")).toBe(false));
    launcher().click();
    await vi.waitFor(() => expect(calls.at(-1)).toBe("open"));
  });

  it("takes another server, and leaves nothing behind", async () => {
    script.dataset.server = "https://other.example/x";
    handle = startWidget(script, load);
    handle.open();
    await vi.waitFor(() => expect(calls[0]).toBe("mount https://other.example tea bubble"));
    handle.destroy();
    expect(host()).toBeNull();
    expect(window.Parley).toBeUndefined();
    await vi.waitFor(() => expect(calls.at(-1)).toBe("destroy"));
  });

  it("inline: in its container, once that is near the view", async () => {
    let seen: (entries: { isIntersecting: boolean }[]) => void = () => undefined;
    vi.stubGlobal(
      "IntersectionObserver",
      class {
        constructor(run: typeof seen) {
          seen = run;
        }
        observe() {}
        disconnect() {}
      },
    );
    const box = document.createElement("div");
    box.id = "box";
    document.body.append(box);
    script.dataset.mode = "inline";
    script.dataset.target = "#box";
    handle = startWidget(script, load);
    expect(host().parentElement).toBe(box);
    expect(launcher()).toBeNull();
    expect(load).not.toHaveBeenCalled();
    seen([{ isIntersecting: true }]);
    await vi.waitFor(() => expect(calls).toEqual(["mount https://bots.example tea inline"]));
    vi.unstubAllGlobals();
  });
});
