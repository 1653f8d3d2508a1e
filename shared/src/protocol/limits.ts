/** Bounds of one message, the same for every client and server. The rates of a server are its own configuration. */
export const LIMITS = {
  /** A frame as UTF-8 bytes; a larger one closes the socket with 1009. */
  frameBytes: 16 * 1024,
  /** A visitor's text as JSON, UTF-8 bytes. */
  textBytes: 4 * 1024,
  /** setVariables: names, and the text of one value in UTF-8 bytes. */
  variables: 64,
  variableBytes: 1024,
  /** An id in an answer (groupId, itemId, sessionId) as UTF-8 bytes. */
  idBytes: 1024,
} as const;
