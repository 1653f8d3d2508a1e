// @vitest-environment happy-dom
import { beforeEach, describe, expect, it } from "vitest";
import type { Handle, Options } from "./options.js";
import { type Command, pageApi } from "./page-api.js";

let calls: string[];
const start = (id: string, options: Partial<Options>): Handle => {
  calls.push(`start ${id} ${options.flow}`);
  const act =
    (name: string) =>
    (...given: unknown[]) =>
      void calls.push([`${id}.${name}`, ...given].join(" "));
  return {
    id,
    element: document.body,
    open: act("open"),
    close: act("close"),
    toggle: act("toggle"),
    reset: act("reset"),
    send: act("send"),
    setVariables: act("setVariables"),
    identify: act("identify"),
    destroy: act("destroy"),
    on: () => () => undefined,
  };
};

beforeEach(() => {
  calls = [];
  delete window.Parley;
});

describe("window.Parley", () => {
  it("runs what was queued before it was there, in order, each for its widget", () => {
    const queue: Command[] = [["open"], ["help.send", "hi"], ["mount", { flow: "tea" }], ["nonsense"]];
    window.Parley = queue;
    const api = pageApi(start);
    expect(calls).toEqual(["start tea tea", "tea.open"]);
    api.mount({ flow: "faq", id: "help" });
    expect(calls.slice(2)).toEqual(["start help faq", "help.send hi"]);
    api.push(["help.close"], ["send", "to the first"]);
    expect(calls.slice(4)).toEqual(["help.close", "tea.send to the first"]);
  });

  it("is one for all tags of a page, and names what is twice there", () => {
    const api = pageApi(start);
    expect(pageApi(start)).toBe(api);
    expect([api.mount({ flow: "tea" }).id, api.mount({ flow: "tea" }).id]).toEqual(["tea", "tea-2"]);
    window.Parley = api;
    api.open?.();
    api.get("tea-2")?.open();
    expect(calls.slice(2)).toEqual(["tea.open", "tea-2.open"]);
    api.destroy?.();
    api.open?.();
    expect(calls.slice(4)).toEqual(["tea.destroy", "tea-2.open"]);
    expect(api.get("tea")).toBeUndefined();
  });
});
