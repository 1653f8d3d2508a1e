/** A secret as a member of an object; inside of a JSON text its quotes would be escaped. */
const SECRET = /("(?:token|jwt|ticket)"\s*:\s*")(?:[^"\\]|\\.)*/g;

/** A frame as text, for people: each token and signed identity stands as `…`. */
export const hideSecrets = (frame: string): string => frame.replace(SECRET, "$1…");
