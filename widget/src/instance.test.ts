// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, it, type MockInstance, vi } from "vitest";
import { type Parts, startInstance } from "./instance.js";
import type { Inner, MountOptions } from "./mounting.js";
import type { Handle, Options } from "./options.js";

let calls: string[];
let mounted: MountOptions | undefined;
let handle: Handle;
let answer: () => Promise<Response>;
let asked: string[];
const inner = (options: MountOptions): Inner => {
  mounted = options;
  calls.push(`mount ${options.options.server} ${options.options.flow} ${options.mode}`);
  const act =
    (name: string) =>
    (...given: unknown[]) => {
      calls.push([name, ...given].join(" "));
      if (name === "open" || name === "close") options.emit?.(name, {});
    };
  return {
    open: act("open"),
    close: act("close"),
    reset: act("reset"),
    send: act("send"),
    setVariables: act("setVariables"),
    identify: act("identify"),
    raise: act("raise"),
    destroy: act("destroy"),
  };
};
const load = vi.fn(async () => ({ mount: inner }));
const language = vi.fn(async (_name: string) => ({ STRINGS: { close: "zu" } as never }));
const parts: Parts = { conversation: load, language, debug: () => import("./debug-pane.js") };
const start = (options: Partial<Options> = {}) => {
  handle = startInstance("shop", { flow: "tea", server: "https://bots.example", ...options }, parts);
};
const host = () => document.querySelector<HTMLElement>("[data-parley]")!;
const inside = (css: string) => host().shadowRoot?.querySelector<HTMLElement>(css) ?? null;
const launcher = () => inside('[aria-label^="Open chat"]') as HTMLButtonElement;
const drawn = () => vi.waitFor(() => expect(launcher()).not.toBeNull());

beforeEach(() => {
  calls = [];
  asked = [];
  mounted = undefined;
  answer = async () => Response.json({ v: 1, lang: "en", dir: "ltr", open: "Open chat", dismiss: "Dismiss" });
  vi.stubGlobal("fetch", (url: string) => {
    asked.push(url);
    return answer();
  });
  load.mockClear();
  language.mockClear();
  sessionStorage.clear();
  localStorage.clear();
});
afterEach(() => {
  handle.destroy();
  document.body.replaceChildren();
  vi.unstubAllGlobals();
});

describe("a widget before anybody has shown interest", () => {
  it("draws a launcher, fetches the appearance, and loads nothing else until a pointer comes near", async () => {
    start();
    await drawn();
    expect(asked).toEqual(["https://bots.example/widget/v1/tea.json?lang=en-US"]);
    document.dispatchEvent(new PointerEvent("pointermove", { clientX: 10, clientY: 10 }));
    expect(load).not.toHaveBeenCalled();
    const { innerWidth, innerHeight } = window;
    document.dispatchEvent(new PointerEvent("pointermove", { clientX: innerWidth - 50, clientY: innerHeight - 50 }));
    await vi.waitFor(() => expect(calls).toEqual(["mount https://bots.example tea bubble"]));
    launcher().click();
    await vi.waitFor(() => expect(calls.at(-1)).toBe("open true"));
    expect(load).toHaveBeenCalledTimes(1);
    expect(launcher().closest<HTMLElement>(".dock")?.hidden).toBe(true);
    handle.close();
    await vi.waitFor(() => expect(launcher().closest<HTMLElement>(".dock")?.hidden).toBe(false));
    expect(host().shadowRoot?.activeElement).toBe(launcher());
  });

  it("speaks the language that the server says, and brings its words with the conversation", async () => {
    answer = async () =>
      Response.json({ v: 1, lang: "ar", dir: "rtl", words: "ar", open: "فتح", dismiss: "x", color: "#112233" });
    start({ locale: "ar" });
    await vi.waitFor(() => expect(inside(".launcher")?.getAttribute("aria-label")).toBe("فتح"));
    expect(asked).toEqual(["https://bots.example/widget/v1/tea.json?locale=ar"]);
    expect([inside(".frame")?.dir, inside(".frame")?.lang, host().dataset.side]).toEqual(["rtl", "ar", "left"]);
    handle.open();
    await vi.waitFor(() => expect(mounted?.words).toEqual({ close: "zu" }));
    expect(language).toHaveBeenCalledWith("ar");
  });

  it("is there without the server too, in English and in the page's own colours", async () => {
    answer = () => Promise.reject(new TypeError("offline"));
    start({ strings: { open: "Open chat, please" }, position: "left", theme: "dark" });
    await drawn();
    expect(launcher().title).toBe("Open chat, please");
    expect(host().dataset).toMatchObject({ side: "left", theme: "dark" });
  });

  it("greets once, and not who has talked here before", async () => {
    start({ greeting: "Hello" });
    await vi.waitFor(() => expect(inside(".hello")?.textContent).toBe("Hello"));
    inside(".away")!.click();
    expect(inside(".hello")).toBeNull();
    for (const before of [
      () => undefined,
      () => {
        sessionStorage.clear();
        localStorage.setItem("parley:https://bots.example:tea", "{}");
      },
    ]) {
      handle.destroy();
      before();
      start({ greeting: "Hello" });
      await drawn();
      expect(inside(".hello")).toBeNull();
    }
  });

  describe("that the server does not give out", () => {
    let complaint: MockInstance<typeof console.error>;
    let errors: unknown[];
    const refuse = (status: number, code: string) => {
      answer = async () => Response.json({ code, title: `No: ${code}.` }, { status });
      errors = [];
      document.addEventListener("parley:error", (event) => errors.push((event as CustomEvent).detail), { once: true });
    };
    /** What the page's owner is told, once. */
    const told = async (code: string) => {
      await vi.waitFor(() => expect(errors).toEqual([{ widget: "shop", code, message: `No: ${code}.` }]));
      expect(complaint.mock.calls).toEqual([[`No: ${code}.`]]);
    };
    beforeEach(() => {
      complaint = vi.spyOn(console, "error").mockImplementation(() => undefined);
      vi.stubGlobal("origin", "https://shop.example");
    });
    afterEach(() => complaint.mockRestore());

    it.each([
      ["bubble", 403, "origin"],
      ["inline", 403, "origin"],
      ["fullpage", 403, "origin"],
      ["bubble", 404, "no-flow"],
      ["fullpage", 404, "no-flow"],
    ] as const)("is not there (%s, %i), and its methods do nothing", async (mode, status, code) => {
      refuse(status, code);
      start({ mode, target: document.body, open: true });
      handle.send("hello");
      await told(code);
      expect(host()).toBeNull();
      handle.open();
      handle.toggle();
      handle.setVariables({ name: "Ada" });
      handle.reset();
      handle.destroy();
      await new Promise((resolve) => setTimeout(resolve));
      expect([load.mock.calls, calls, complaint.mock.calls.length]).toEqual([[], [], 1]);
    });

    it("says so itself in a frame without an origin, and tries nothing", async () => {
      vi.stubGlobal("origin", "null");
      refuse(403, "origin");
      start();
      await drawn();
      await told("origin");
      handle.open();
      await vi.waitFor(() => expect(mounted?.refused).toBe(true));
    });

    it("is there for who has begun a conversation with a flow that was taken down, and for nobody else", async () => {
      localStorage.setItem("parley:https://bots.example:tea", "{}");
      refuse(404, "no-flow");
      start();
      await drawn();
      await told("no-flow");
      handle.open();
      await vi.waitFor(() => expect(mounted?.refused).toBe(false));
      handle.destroy();
      refuse(403, "origin");
      complaint.mockClear();
      start();
      await told("origin");
      expect(host()).toBeNull();
    });

    it.each([
      ["a server that is in trouble", 503, "{}"],
      ["an answer of something else", 404, "<h1>Not found</h1>"],
    ])("is there all the same: %s", async (_what, status, body) => {
      answer = async () => new Response(body, { status });
      start();
      await drawn();
      expect(complaint).not.toHaveBeenCalled();
    });
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
    start({ mode: "inline", target: "#box" });
    expect(host().parentElement).toBe(box);
    seen([{ isIntersecting: false }]);
    expect(load).not.toHaveBeenCalled();
    seen([{ isIntersecting: true }]);
    await vi.waitFor(() => expect(calls).toEqual(["mount https://bots.example tea inline"]));
    expect(launcher()).toBeNull();
  });

  it("fullpage: at once; without a launcher where the page opens it", async () => {
    start({ mode: "fullpage" });
    await vi.waitFor(() => expect(calls).toEqual(["mount https://bots.example tea fullpage"]));
    handle.destroy();
    start({ launcher: "none" });
    handle.toggle();
    await vi.waitFor(() => expect(calls.at(-1)).toBe("open true"));
    expect(launcher()).toBeNull();
  });
});

describe("its methods", () => {
  it("may be called before the conversation has come", async () => {
    start({ variables: { plan: "free" } });
    handle.setVariables({ name: "Ada" });
    handle.identify("jwt");
    expect(load).not.toHaveBeenCalled();
    handle.open();
    handle.send("hello");
    await vi.waitFor(() => expect(calls.slice(1)).toEqual(["open true", "send hello"]));
    expect(mounted).toMatchObject({ variables: { plan: "free", name: "Ada" }, identity: "jwt" });
    handle.toggle();
    await vi.waitFor(() => expect(calls.at(-1)).toBe("close"));
  });

  it("say when the conversation cannot be loaded, and try again", async () => {
    const errors: string[] = [];
    start();
    await drawn();
    const off = handle.on("error", ({ code }) => errors.push(code));
    load.mockImplementationOnce(() => Promise.reject(new Error("offline")));
    launcher().click();
    await vi.waitFor(() => expect(errors).toEqual(["not-loaded"]));
    await vi.waitFor(() => expect(launcher().hasAttribute("aria-busy")).toBe(false));
    off();
    launcher().click();
    await vi.waitFor(() => expect(calls.at(-1)).toBe("open true"));
    expect(errors).toEqual(["not-loaded"]);
  });

  it("count what was said while nobody looked", async () => {
    start();
    await drawn();
    handle.open();
    await vi.waitFor(() => expect(calls.at(-1)).toBe("open true"));
    handle.close();
    await vi.waitFor(() => expect(calls.at(-1)).toBe("close"));
    mounted?.emit?.("message", {});
    mounted?.emit?.("message", {});
    expect(launcher().getAttribute("aria-label")).toBe("Open chat (2)");
    handle.open();
    await vi.waitFor(() => expect(launcher().getAttribute("aria-label")).toBe("Open chat"));
  });

  it("leave nothing behind", async () => {
    start();
    handle.open();
    await vi.waitFor(() => expect(calls.at(-1)).toBe("open true"));
    expect(sessionStorage.length).toBe(1);
    handle.reset();
    await vi.waitFor(() => expect(sessionStorage.length).toBe(0));
    handle.destroy();
    expect(host()).toBeNull();
    expect(calls.at(-1)).toBe("destroy");
  });
});

describe("a page that changes its views", () => {
  it("opens it again as it was, without taking the focus", async () => {
    sessionStorage.setItem("parley:https://bots.example:tea", "open");
    start();
    await vi.waitFor(() => expect(calls.at(-1)).toBe("open false"));
  });

  it("keeps it when its body is another, and stops at some time", async () => {
    start();
    await drawn();
    document.body.replaceChildren();
    await vi.waitFor(() => expect(host()?.isConnected).toBe(true));
    for (let n = 0; n < 30; n++) {
      document.body.replaceChildren();
      await Promise.resolve();
    }
    expect(host()).toBeNull();
  });

  it("puts it into a container that comes later, or again", async () => {
    const box = () => {
      const made = document.createElement("div");
      made.id = "box";
      return made;
    };
    vi.stubGlobal(
      "IntersectionObserver",
      class {
        observe() {}
        disconnect() {}
      },
    );
    start({ mode: "inline", target: "#box" });
    expect(host()).toBeNull();
    for (let n = 0; n < 2; n++) {
      document.body.append(box());
      await vi.waitFor(() => expect(host()?.parentElement?.id).toBe("box"));
      document.body.replaceChildren();
      await vi.waitFor(() => expect(host()).toBeNull());
    }
  });
});
