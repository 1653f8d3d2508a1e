/** Longer than what somebody writes; a file by mistake, say. */
const MOST_UNITS = 200_000;

/** Whether pasted text is to be read as a script: several lines, and no file of a program. */
export function looksLikeScript(text: string): boolean {
  if (text.length > MOST_UNITS || /^\s*[{<]/.test(text)) return false;
  let lines = 0;
  for (const line of text.split(/[\r\n]+/)) if (line.trim() !== "" && ++lines > 1) return true;
  return false;
}
