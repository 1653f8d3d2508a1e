/** The way from the flow to a place in it: object keys and array indexes. */
export type Path = readonly (string | number)[];

/** A path as JSON pointer (RFC 6901); the flow itself is the empty string. */
export function toPointer(path: Path): string {
  let pointer = "";
  for (const step of path) pointer += `/${String(step).replaceAll("~", "~0").replaceAll("/", "~1")}`;
  return pointer;
}

/** The steps of a JSON pointer; array indexes stay text. */
export function fromPointer(pointer: string): string[] {
  return pointer
    .split("/")
    .slice(1)
    .map((step) => step.replaceAll("~1", "/").replaceAll("~0", "~"));
}
