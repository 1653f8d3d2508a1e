import type { Draft } from "@parley/shared/api/flows";
import { BLANK } from "@parley/shared/flow/blank";
import type { Layout } from "@parley/shared/flow/layout";
import { readFlow } from "@parley/shared/flow/read";
import type { Settings } from "@parley/shared/flow/settings";

/** A flow as a file, once it is edited: two spaces, keys in their order, one newline at the end. */
export const canonical = (flow: unknown): string => `${JSON.stringify(flow, null, 2)}\n`;

/**
 * The draft of a flow file, broken or not. A text that is no flow, or has a name twice, is kept beside the draft as the
 * JSON view keeps it. `source` is the text when the draft says the same and an export has to give it back as it was.
 */
export function importDraft(
  text: string,
  layout: Layout = {},
  settings: Settings = {},
): { draft: Draft; source: string | undefined } {
  const { flow, findings } = readFlow(text);
  const beside = { layout: withoutSchema(layout), settings: withoutSchema(settings) };
  if (!isObject(flow)) return { draft: { flow: BLANK, ...beside, text }, source: undefined };
  if (findings.some((finding) => finding.code === "duplicate-name")) {
    return { draft: { flow, ...beside, text }, source: undefined };
  }
  return { draft: { flow, ...beside }, source: text === canonical(flow) ? undefined : text };
}

function withoutSchema<T extends { $schema?: string }>({ $schema: _, ...rest }: T): Omit<T, "$schema"> {
  return rest;
}

const isObject = (value: unknown): value is Draft["flow"] =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** An id made of a title or a file's name: what is left of it in small letters, digits and "-"; "flow" if nothing is. */
export function slug(text: string): string {
  const plain = text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
  const words = plain.replace(/[^a-z0-9]+/g, "-").replace(/^-+/, "");
  return words.slice(0, 56).replace(/-+$/, "") || "flow";
}
