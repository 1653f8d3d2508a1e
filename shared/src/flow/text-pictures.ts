import { richText, tagEnd } from "./rich-text.js";

/** A picture in a rich text: its tag's place in the source, and what it says. */
export type TextPicture = {
  readonly start: number;
  readonly end: number;
  readonly src: string;
  /** Empty: it is decoration, and nothing is read aloud. Absent: nobody has said. */
  readonly alt?: string;
  readonly width?: string;
  readonly height?: string;
};

/** The pictures of a rich text that a reader is shown, in their order. Pure and linear, as `richText` is. */
export function picturesOfText(source: string): TextPicture[] {
  const found: TextPicture[] = [];
  for (let at = source.indexOf("<"); at >= 0; at = source.indexOf("<", at)) {
    const end = tagEnd(source, at);
    if (end === undefined) {
      at += 1;
      continue;
    }
    const [node] = /^<img[\s/>]/i.test(source.slice(at, at + 5)) ? richText(source.slice(at, end)).tree : [];
    if (node && "tag" in node && node.attrs.src !== undefined) {
      found.push({ start: at, end, src: node.attrs.src, ...node.attrs });
    }
    at = end;
  }
  return found;
}

/** The tag of a picture, as the studio writes it. */
export function pictureTag({ src, alt, width, height }: Omit<TextPicture, "start" | "end">): string {
  const attrs = Object.entries({ src, alt, width, height }).filter(([, value]) => value !== undefined);
  return `<img ${attrs.map(([name, value]) => `${name}="${escaped(value!)}"`).join(" ")}>`;
}

const escaped = (text: string): string =>
  text.replace(/[&"<>]/g, (one) => ({ "&": "&amp;", '"': "&quot;", "<": "&lt;", ">": "&gt;" })[one]!);
