/** Editing of lists whose elements have ids: choices, notes, groups. */
export type ListChange<Element> = {
  readonly list: readonly Element[];
  /**
   * What undoes it: the element of this id is taken away, or put (back) before another or at the end. `list`: ids do
   * not tell the elements apart, so only the whole list of before does.
   */
  readonly undo:
    | { readonly remove: string }
    | { readonly put: Element; readonly id: string; readonly before?: string }
    | { readonly move: string; readonly before?: string }
    | { readonly list: readonly Element[] };
};
type IdOf<Element> = (element: Element) => string | undefined;

/** Adds an element before another, or at the end. An id that is taken, or none, changes nothing. */
export function addTo<Element>(
  list: readonly Element[],
  element: Element,
  before: string | undefined,
  idOf: IdOf<Element>,
): ListChange<Element> | undefined {
  const id = idOf(element);
  if (id === undefined || indexOf(list, id, idOf) >= 0) return undefined;
  const found = before === undefined ? -1 : indexOf(list, before, idOf);
  return { list: list.toSpliced(found < 0 ? list.length : found, 0, element), undo: { remove: id } };
}

export function removeFrom<Element>(
  list: readonly Element[],
  id: string,
  idOf: IdOf<Element>,
): ListChange<Element> | undefined {
  const at = indexOf(list, id, idOf);
  if (at < 0) return undefined;
  const rest = list.toSpliced(at, 1);
  const next = nextOf(list, at, idOf);
  const told = next !== undefined && indexOf(rest, id, idOf) < 0;
  return { list: rest, undo: told ? { put: list[at]!, id, ...next } : { list } };
}

/** Moves an element before another, or to the end. A neighbour that is gone changes nothing. */
export function moveIn<Element>(
  list: readonly Element[],
  id: string,
  before: string | undefined,
  idOf: IdOf<Element>,
): ListChange<Element> | undefined {
  const at = indexOf(list, id, idOf);
  if (at < 0 || before === id) return undefined;
  const rest = list.toSpliced(at, 1);
  const to = before === undefined ? rest.length : indexOf(rest, before, idOf);
  if (to < 0 || to === at) return undefined;
  const moved = rest.toSpliced(to, 0, list[at]!);
  const next = nextOf(list, at, idOf);
  const told = next !== undefined && indexOf(moved, id, idOf) === to;
  return { list: moved, undo: told ? { move: id, ...next } : { list } };
}

/** Puts another element in the place of the one with its id. */
export function replaceIn<Element>(
  list: readonly Element[],
  element: Element,
  id: string,
  idOf: IdOf<Element>,
): ListChange<Element> | undefined {
  const at = indexOf(list, id, idOf);
  if (at < 0 || list[at] === element) return undefined;
  return { list: list.with(at, element), undo: { put: list[at]!, id } };
}

/** What names the place of an element: the one behind it. Undefined when ids do not tell. */
function nextOf<Element>(
  list: readonly Element[],
  at: number,
  idOf: IdOf<Element>,
): { readonly before?: string } | undefined {
  const next = list[at + 1];
  if (next === undefined) return at + 1 < list.length ? undefined : {};
  const before = idOf(next);
  // Of two with the same id, the first is found.
  return before !== undefined && list.findIndex((element) => idOf(element) === before) === at + 1
    ? { before }
    : undefined;
}

const indexOf = <Element>(list: readonly Element[], id: string, idOf: IdOf<Element>): number =>
  list.findIndex((element) => idOf(element) === id);
