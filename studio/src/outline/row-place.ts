/** Where a row stands in its tree and how high it is, in pixels. Rows stand in chunks that are places of their own. */
export function placeOfRow(row: HTMLElement): { readonly top: number; readonly height: number } {
  const tree = row.closest<HTMLElement>("[role=tree]")!;
  const { top, height } = row.getBoundingClientRect();
  return { top: top - tree.getBoundingClientRect().top - tree.clientTop + tree.scrollTop, height };
}
