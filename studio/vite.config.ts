import { fileURLToPath } from "node:url";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";
import { firstLoad } from "../scripts/first-load.mjs";

const DOCUMENT = /[\\/]studio[\\/]src[\\/]document[\\/]/;
const ICONS = /[\\/]@tabler[\\/]icons-react[\\/]/;
const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

export default defineConfig(({ mode }) => ({
  root: here("."),
  base: "/studio/",
  // The server puts a fresh nonce in place of this for each response.
  html: { cspNonce: "__CSP_NONCE__" },
  // The sources of shared: a build of the studio needs no other build first.
  resolve: { alias: [{ find: /^@parley\/shared\/(.*)$/, replacement: `${here("../shared/src/")}$1.ts` }] },
  plugins: [react(), mode !== "development" && firstLoad()],
  worker: { format: "es" },
  build: {
    outDir: "dist",
    // While watching, a page that is open still asks for the files of before.
    emptyOutDir: mode !== "development",
    // A picture or font within the script would need `data:` in the policy.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    target: ["es2022", "chrome111", "firefox113", "safari16.4"],
    reportCompressedSize: false,
    chunkSizeWarningLimit: 700,
    sourcemap: mode === "development",
    // What is loaded on demand shares the document with the editor: it is one file, not one for each such share.
    rolldownOptions: {
      input: { studio: here("index.html"), shared: here("shared.html") },
      output: {
        codeSplitting: {
          groups: [
            { name: "document", test: DOCUMENT },
            // A drawing that two parts show is some hundred bytes: a file for each would be a request for each.
            { name: "icons", test: ICONS, minShareCount: 2 },
          ],
        },
      },
    },
  },
}));
