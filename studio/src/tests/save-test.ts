import type { PreviewTrace } from "@parley/shared/api/preview";
import { compile } from "@parley/shared/flow/compile";
import { plainText } from "@parley/shared/flow/rich-text";
import { makeScenario } from "@parley/shared/scenario/make-scenario";
import type { Scenario } from "@parley/shared/scenario/scenario";
import type { RecordedInput } from "@parley/shared/session/recording";
import { rerun } from "@parley/shared/session/rerun";
import { ApiError, type CallApi } from "../api.js";
import type { Desk } from "../app/editor/desk.js";
import { readTests } from "./test-store.js";

export type ToSave = {
  readonly title: string;
  readonly inputs: PreviewTrace["inputs"];
  readonly start: string | undefined;
};

/** Names of tests that are taken in a row, at most. */
const TRIES = 50;

/**
 * Keeps a conversation on the present draft as a test.
 * @returns why it could not be kept, as a sentence
 */
export async function saveTest(desk: Desk, { title, inputs, start }: ToSave): Promise<string | undefined> {
  const program = compile(desk.editor.getState().draft.flow);
  const from = start !== undefined && program.states.has(start) ? { start } : {};
  const { runs, session } = rerun(program, { inputs: inputs as RecordedInput[] }, from);
  return saveScenario(desk, makeScenario({ runs, ended: session.ended }, { title, ...from }));
}

/** Saves a new test under a free name. @returns why it could not be kept */
export async function saveScenario(desk: Desk, scenario: Scenario): Promise<string | undefined> {
  const wrong = await putScenario(desk.api, desk.editor.getState().flowId, scenario);
  if (wrong === undefined) await readTests(desk);
  return wrong;
}

/** The same for a flow that is not open. */
export async function putScenario(api: CallApi, flow: string, scenario: Scenario): Promise<string | undefined> {
  const base = slug(scenario.title ?? "") || "test";
  for (let n = 1; n <= TRIES; n++) {
    const test = n === 1 ? base : `${base}-${n}`;
    try {
      await api("PUT /api/flows/{flow}/tests/{test}", {
        path: { flow, test },
        body: { ...scenario },
        etag: "new",
      });
      return undefined;
    } catch (error) {
      // The name is taken.
      if (error instanceof ApiError && error.status === 412) continue;
      return error instanceof ApiError ? error.message : "The server cannot be reached.";
    }
  }
  return "Choose another name.";
}

/** As it stands in addresses: small letters, digits and -. */
function slug(title: string): string {
  const letters = title.normalize("NFKD").toLowerCase().replace(/\p{M}/gu, "");
  return letters
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-+|-+$/g, "")
    .slice(0, 56)
    .replace(/-+$/, "");
}

/** What a conversation is called until somebody says otherwise: what was answered. */
export function suggestedTitle(inputs: PreviewTrace["inputs"]): string {
  const words = inputs.flatMap((input) => {
    if (input.kind !== "answer") return [];
    const { message } = input;
    return plainText(message.content ?? (message.kind === "ChoiceResponse" ? message.itemId : "")).trim() || [];
  });
  const title = words.join(", ");
  return title === "" ? "How it begins" : title.length > 60 ? `${title.slice(0, 59)}…` : title;
}
