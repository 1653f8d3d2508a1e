import { expect, it } from "vitest";
import { ApiError, type CallApi } from "../../api.js";
import { saveDraft } from "./save-draft.js";

const draft = { flow: {}, layout: {}, settings: {} } as never;

it.each([
  [507, "no-space", true],
  [503, "not-stored", true],
  [413, "too-large", false],
] as const)(
  "a save refused with %s is kept, and tried again where the server is to blame",
  async (status, code, later) => {
    const api = (() => Promise.reject(new ApiError("problem", "Not now.", status, code))) as unknown as CallApi;
    expect(await saveDraft(api, "shop")({ draft }, '"1"', [])).toEqual({ kind: "refused", message: "Not now.", later });
  },
);
