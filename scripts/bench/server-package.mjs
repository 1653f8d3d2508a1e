import { createRequire } from "node:module";

const require = createRequire(new URL("../../runtime/package.json", import.meta.url));

/**
 * A package as the server has it, so that both sides of a comparison run the same version.
 * @param {string} name
 */
export const serverPackage = (name) => require(name);
