/** What is loaded with the first file from Typebot. */
export { flowText } from "@parley/shared/flow/json";
export { importTypebot } from "@parley/shared/import/typebot/import-typebot";
export { looksLikeTypebot } from "@parley/shared/import/typebot/read-export";
