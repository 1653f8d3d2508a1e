/** Pictures that a server keeps: what they may be, how they are named, and which of them a text names. */
export const PICTURE_TYPES = ["png", "jpeg", "gif", "webp"] as const;
export type PictureType = (typeof PICTURE_TYPES)[number];

/** Of one picture: bytes, pixels of a side, and pixels in all. A browser keeps four bytes for each pixel. */
export const PICTURE_LIMITS = { bytes: 2 * 1024 * 1024, side: 8_000, pixels: 25_000_000 } as const;

const NAME = "[0-9a-f]{64}\\.(?:png|jpeg|gif|webp)";
/** The pattern of a picture's name. */
export const PICTURE_NAME = `^${NAME}$`;
const WHOLE = new RegExp(PICTURE_NAME);
const NAMED = new RegExp(`assets\\\\?/(${NAME})`, "y");

/** Whether this is a picture's name: SHA-256 of its bytes in hex, a dot, its type. */
export const isPictureName = (name: string): boolean => WHOLE.test(name);

/** Where a server answers with the picture of this name. */
export const picturePath = (name: string): string => `/assets/${name}`;

/** The name in the address of a picture that the server keeps; undefined for any other address. */
export const pictureAt = (address: string): string | undefined =>
  address.startsWith("/assets/") && isPictureName(address.slice(8)) ? address.slice(8) : undefined;

/**
 * The names of the pictures whose addresses stand in a text (a flow as JSON, settings), each once, as they come. Linear
 * in the text's length.
 */
export function picturesIn(text: string): string[] {
  const found = new Set<string>();
  for (let at = text.indexOf("assets"); at >= 0; at = text.indexOf("assets", at + 6)) {
    NAMED.lastIndex = at;
    const name = NAMED.exec(text)?.[1];
    if (name !== undefined) found.add(name);
  }
  return [...found];
}
