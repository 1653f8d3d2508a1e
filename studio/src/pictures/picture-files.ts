/** What a file chooser shows; the server looks at the content. */
export const PICTURE_FILES = "image/png,image/jpeg,image/gif,image/webp";

/** Whether pictures are dragged: what is dragged from elsewhere may not be read before it is dropped. */
export const holdsPictures = ({ items }: DataTransfer): boolean =>
  [...items].some(({ kind, type }) => kind === "file" && type.startsWith("image/"));

/** The pictures among what was dropped or pasted. */
export const picturesOf = (data: DataTransfer | null): File[] =>
  [...(data?.files ?? [])].filter(({ type }) => type.startsWith("image/"));

/** Lets one choose pictures. */
export function choosePictures(take: (files: readonly File[]) => void, several = true): void {
  const input = document.createElement("input");
  input.type = "file";
  input.accept = PICTURE_FILES;
  input.multiple = several;
  input.addEventListener("change", () => take([...(input.files ?? [])]));
  input.click();
}
