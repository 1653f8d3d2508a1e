// Packs what a build makes, as the server sends it (runtime/src/api/static-files.ts): `<file>.br` and `<file>.gz`.
import { readFile, rename, writeFile } from "node:fs/promises";
import { promisify } from "node:util";
import { brotliCompress, constants, gzip } from "node:zlib";

const brotli = promisify(brotliCompress);
const zip = promisify(gzip);

/**
 * @param {Uint8Array | string} content
 * @returns {Promise<Record<".br" | ".gz", Buffer>>} by the ending of the file
 */
export async function compress(content) {
  const bytes = Buffer.from(content);
  const { BROTLI_PARAM_QUALITY, BROTLI_MAX_QUALITY, BROTLI_PARAM_SIZE_HINT } = constants;
  const params = { [BROTLI_PARAM_QUALITY]: BROTLI_MAX_QUALITY, [BROTLI_PARAM_SIZE_HINT]: bytes.length };
  const [br, gz] = await Promise.all([brotli(bytes, { params }), zip(bytes, { level: 9 })]);
  return { ".br": br, ".gz": gz };
}

/**
 * Packs a file beside itself. A server that reads meanwhile has the old one or the new one.
 * @param {string} file absolute path
 */
export async function compressFile(file) {
  for (const [ending, bytes] of Object.entries(await compress(await readFile(file)))) {
    await writeFile(`${file}${ending}.new`, bytes);
    await rename(`${file}${ending}.new`, `${file}${ending}`);
  }
}
