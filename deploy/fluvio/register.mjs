// Tells a Fluvio controller that keeps its metadata in files of its processing units, before its first start: what
// `fluvio cluster spu register` does, which its image does not have. Those that are there already stay as they are.
import { constants, copyFileSync, existsSync, mkdirSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const here = fileURLToPath(new URL(".", import.meta.url));
const to = join(process.argv[2], "SPU");
mkdirSync(to, { recursive: true });
for (const name of readdirSync(here).filter((name) => name.endsWith(".yaml"))) {
  if (existsSync(join(to, name))) continue;
  copyFileSync(join(here, name), join(to, name), constants.COPYFILE_EXCL);
  console.log(`registered ${name}`);
}
