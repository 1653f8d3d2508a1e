import type { Findings } from "@parley/shared/api/versions";
import { picturePath } from "@parley/shared/flow/pictures";
import { toPointer } from "@parley/shared/flow/pointer";
import { named } from "@parley/shared/flow/wording";

/** What to say of pictures that a flow names and the server does not have: where each is named first. */
export function missingPictures(flow: unknown, names: readonly string[]): Findings {
  const states = Object.entries(names.length === 0 ? {} : (flow as object)).map(
    ([state, content]) => [state, JSON.stringify(content)] as const,
  );
  return names.map((name) => {
    const state = states.find(([, text]) => text.includes(name))?.[0];
    const where = state === undefined ? "The settings name" : `State ${named(state)} names`;
    return {
      code: "picture-missing",
      severity: "warning",
      ...(state !== undefined && { state }),
      pointer: state === undefined ? "" : toPointer([state]),
      message: `${where} a picture that this server does not have: ${picturePath(name)}.`,
      plain: `${state === undefined ? "The picture of the bot" : "A picture"} is not on this server: add it again.`,
    };
  });
}
