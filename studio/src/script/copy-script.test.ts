import { readScript } from "@parley/shared/script/read-script";
import { expect, it } from "vitest";
import type { Draft } from "../document/draft.js";
import { scriptOf, sentence } from "./copy-script.js";

const SCRIPT = "Hello\nSo?\n- Yes\n  Good\n- No\nBye";
const draft: Draft = {
  flow: { $schema: "x", ...readScript(SCRIPT).flow },
  layout: { notes: [{ id: "n", text: "Look", x: 0, y: 0 }] },
  settings: {},
};

it("writes the whole flow, or what is selected, with all states of a step", () => {
  expect(scriptOf({ ...draft, layout: {} }, [])).toEqual({ text: SCRIPT, left: [] });
  expect(scriptOf(draft, ["so", "good"]).text).toBe("So?\n- Yes\n  Good\n- No");
});

it("says what is left out", () => {
  expect(sentence(scriptOf({ ...draft, layout: {} }, []).left)).toBe("Copied as a script.");
  expect(sentence(scriptOf(draft, []).left)).toBe("Copied as a script. Notes and groups are left out.");
  expect(sentence(scriptOf(draft, ["so", "note:n"]).left)).toBe(
    "Copied as a script. ‘So?’ leads to a step that is not here; in the script it ends there. And 2 more.",
  );
});
