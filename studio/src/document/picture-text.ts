import { picturesOfText, pictureTag, type TextPicture } from "@parley/shared/flow/text-pictures";

/** A text without the pictures that stand on lines of their own at its end, and these as they are written. */
export type Split = { readonly words: string; readonly pictures: string };

/** Whether a text shows a picture. Asked of every step: a look at its letters is nearly always all it takes. */
export const hasPicture = (text: string): boolean => /<img/i.test(text) && picturesOfText(text).length > 0;

/** Whether the studio shows a picture: its own server's alone. Any other server would be told who looks at a flow, and when. */
export const isOwnPicture = ({ src }: Pick<TextPicture, "src">): boolean => /^\/(?![/\\])/.test(src);

/** Takes the pictures at the end from a text: one types the words, and sees the pictures. `join` is the way back. */
export function split(text: string): Split {
  let from = text.length;
  for (const { start, end } of picturesOfText(text).reverse()) {
    if (text.slice(end, from).trim() !== "") break;
    from = start;
  }
  const onItsLine = from === 0 || (from > 1 && text[from - 1] === "\n");
  if (from === text.length || !onItsLine) return { words: text, pictures: "" };
  return { words: text.slice(0, Math.max(0, from - 1)), pictures: text.slice(from) };
}

export const join = ({ words, pictures }: Split): string =>
  words === "" || pictures === "" ? words + pictures : `${words}\n${pictures}`;

/** A text with one more picture, below all that is in it. */
export const withPicture = (text: string, picture: Picture): string =>
  join({ words: text, pictures: pictureTag(picture) });

export type Picture = Omit<TextPicture, "start" | "end">;

/** A text with another picture in the place of its n-th, or with none there. */
export function changePicture(text: string, n: number, change: (picture: Picture) => Picture | undefined): string {
  const old = picturesOfText(text)[n];
  if (old === undefined) return text;
  const { start, end, ...picture } = old;
  const now = change(picture);
  if (now !== undefined) return text.slice(0, start) + pictureTag(now) + text.slice(end);
  // Its line goes with it.
  const before = text.slice(0, start).replace(/\n$/, "");
  return before + text.slice(end);
}
