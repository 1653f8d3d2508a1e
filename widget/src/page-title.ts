/** Says in the page's title how much was said while nobody looked, for who has gone to another tab; 0 takes it away again. */
export function countInTitle(count: number): void {
  const own = document.title.replace(/^\(\d+\) /, "");
  document.title = count ? `(${count}) ${own}` : own;
}
