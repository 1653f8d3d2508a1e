import { picturesIn } from "@parley/shared/flow/pictures";
import { UserError } from "../errors.js";
import { readPicturesBeside } from "../studio/pictures-beside.js";
import { Refused, type Server } from "./server.js";

/**
 * Sends the pictures that a flow file names and the server does not have, from `assets/` beside it. What is in neither
 * place the server tells when it publishes.
 * @throws UserError with the server's code, for a picture that it refuses
 */
export async function sendPictures(
  server: Server,
  flow: string,
  { path, texts }: { path: string; texts: readonly string[] },
): Promise<void> {
  const beside = await readPicturesBeside(path, [...new Set(texts.flatMap(picturesIn))]);
  for (const [name, bytes] of beside) {
    if (await server.picture(name)) continue;
    try {
      await server.call("POST", `/flows/${flow}/pictures`, { body: { name, data: bytes.toString("base64") } });
    } catch (cause) {
      if (!(cause instanceof Refused)) throw cause;
      throw new UserError(cause.code, `assets/${name}: ${cause.message}`, { cause });
    }
  }
}

/** The pictures that texts name, from the server, and the names of those that it does not have. */
export async function fetchPictures(
  server: Server,
  texts: readonly string[],
): Promise<{ pictures: ReadonlyMap<string, Buffer>; missing: readonly string[] }> {
  const pictures = new Map<string, Buffer>();
  const missing: string[] = [];
  for (const name of new Set(texts.flatMap(picturesIn))) {
    const bytes = await server.picture(name);
    if (bytes) pictures.set(name, bytes);
    else missing.push(name);
  }
  return { pictures, missing };
}
