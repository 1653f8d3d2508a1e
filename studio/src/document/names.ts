import { PLAIN_NAMES, UniqueNames, usableName } from "@parley/shared/flow/naming";
import { idOf, itemId } from "@parley/shared/flow/references";
import { type Draft, isObject, own } from "./draft.js";

/** Names for what is added, unique in the draft and among themselves. */
export class FreshNames {
  readonly #draft: Draft;
  readonly #states: UniqueNames;
  #ids: UniqueNames | undefined;

  constructor(draft: Draft) {
    this.#draft = draft;
    this.#states = new UniqueNames((name) => Object.hasOwn(draft.flow, name));
  }

  /** These are not given to anything: somebody has them who is not in the draft yet. */
  reserve({ states, ids }: { readonly states: Iterable<string>; readonly ids: Iterable<string> }): void {
    for (const name of states) this.#states.reserve(name);
    for (const id of ids) this.#idNames.reserve(id);
  }

  /** A name of a state, of these words; `plain` is used where they leave none. */
  state(words: string, plain: string): string {
    return this.#states.take(usableName(words, plain));
  }

  /** A `groupId`, `sessionId` or `handOffId`: one for all, and for the names that the page sets, since `{{id}}` knows only one. */
  id(words: string, plain: string): string {
    return this.#idNames.take(words || plain);
  }

  get #idNames(): UniqueNames {
    if (this.#ids === undefined) {
      const taken = idsOf(this.#draft);
      this.#ids = new UniqueNames((id) => taken.has(id));
    }
    return this.#ids;
  }
}

/** An `itemId` that is not taken in its question. */
export const freshItem = (words: string, taken: ReadonlySet<string>): string =>
  new UniqueNames((id) => taken.has(id)).take(words || PLAIN_NAMES.answer);

/** All ids that `{{id}}` may mean. */
export function idsOf({ flow, settings }: Draft): Set<string> {
  const ids = new Set<string>(settings.variables);
  for (const name of Object.keys(flow)) {
    const state = flow[name];
    if (!isObject(state)) continue;
    for (const part of [own(state, "sendRequest"), own(state, "matchResponse")]) {
      if (!isObject(part)) continue;
      for (const field of ["groupId", "sessionId", "handOffId"]) {
        const id = idOf(own(part, field));
        if (id !== undefined) ids.add(id);
      }
    }
  }
  return ids;
}

/** The ids of the choices of a list. */
export function itemsOf(choices: unknown): Set<string> {
  const list = Array.isArray(choices) ? choices : [];
  return new Set(list.map(itemId).filter((id) => id !== undefined));
}
