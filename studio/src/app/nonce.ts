/**
 * The nonce of this response for style elements. It is also handed to the one library below Mantine that takes it from
 * a global variable (react-remove-scroll, under dialogs).
 */
export function readNonce(document: Document): string {
  const nonce = document.querySelector<HTMLMetaElement>('meta[property="csp-nonce"]')?.nonce ?? "";
  Object.assign(globalThis, { __webpack_nonce__: nonce });
  return nonce;
}
