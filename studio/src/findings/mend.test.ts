import { check } from "@parley/shared/flow/check";
import { expect, it } from "vitest";
import { applyAll } from "../document/apply.js";
import type { Draft } from "../document/draft.js";
import { fixAll } from "./fix-all.js";
import { mendOf } from "./mend.js";

const flow = { hi: { sendRequest: { kind: "BotText", content: "Hi {{firstName|you}}" } } };
const draft = (variables?: string[]): Draft => ({ flow, layout: {}, settings: variables ? { variables } : {} });
const [finding] = check(flow);

it("declares a name that nothing asks for as one that the page may set", () => {
  const { label, mend } = mendOf(finding!)!;
  expect(label).toBe("The page says it");
  const { draft: now, inverse } = applyAll(draft(["city"]), mend(draft(["city"])).changes);
  expect(now.settings).toEqual({ variables: ["city", "firstName"] });
  expect(check(now.flow, now.settings)).toEqual([]);
  expect(applyAll(now, inverse).draft).toEqual(draft(["city"]));
  expect(mend(now).refused).toBeDefined();
  expect(mend(draft(Array.from({ length: 64 }, (_, at) => `n${at}`))).refused).toContain("64");
});

it("is not done along with all others: the name may be mistyped", () => {
  expect(fixAll(draft(), [finding!]).refused).toBeDefined();
});
