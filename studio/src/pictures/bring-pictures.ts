import { picturePath, picturesIn } from "@parley/shared/flow/pictures";
import { ApiError, type CallApi } from "../api.js";
import { toBase64 } from "./to-base64.js";

/** The bytes of pictures in base64, by their names. */
export type Pictures = Readonly<Record<string, string>>;

/** The pictures that texts name, from the server; those that it does not have are left out. */
export async function fetchPictures(texts: readonly string[]): Promise<Pictures> {
  const found: Record<string, string> = {};
  for (const name of new Set(texts.flatMap(picturesIn))) {
    const answer = await fetch(picturePath(name), { credentials: "omit" }).catch(() => undefined);
    if (answer?.ok) found[name] = await toBase64(await answer.blob());
  }
  return found;
}

/**
 * Gives the server the pictures that came with a flow, one after the other.
 * @param wait ends after so many seconds: the server takes so many pictures in a minute
 * @returns why not, for each that it does not take
 */
export async function bringPictures(
  api: CallApi,
  flow: string,
  pictures: Pictures,
  wait = (seconds: number) => new Promise<void>((resolve) => setTimeout(resolve, 1000 * seconds)),
): Promise<string[]> {
  const refused: string[] = [];
  for (const [name, data] of Object.entries(pictures)) {
    for (;;) {
      try {
        await api("POST /api/flows/{flow}/pictures", { path: { flow }, body: { name, data } });
      } catch (error) {
        if (!(error instanceof ApiError)) throw error;
        if (error.code === "too-many-requests") {
          await wait(error.retryAfter ?? 60);
          continue;
        }
        refused.push(error.message);
      }
      break;
    }
  }
  return refused;
}
