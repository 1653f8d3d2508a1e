import { open } from "node:fs/promises";
import { dirname, join } from "node:path";
import { PICTURE_LIMITS } from "@parley/shared/flow/pictures";

/**
 * Reads pictures from `assets/` beside a flow file, by their names; those that are not there are left out. Of a file
 * that is too large only so much is read as shows that.
 */
export async function readPicturesBeside(path: string, names: readonly string[]): Promise<Map<string, Buffer>> {
  const found = new Map<string, Buffer>();
  for (const name of names) {
    const file = await open(join(dirname(path), "assets", name)).catch(() => undefined);
    if (!file) continue;
    try {
      const bytes = Buffer.alloc(PICTURE_LIMITS.bytes + 1);
      const { bytesRead } = await file.read(bytes, 0, bytes.length, 0);
      found.set(name, bytes.subarray(0, bytesRead));
    } finally {
      await file.close();
    }
  }
  return found;
}
