import type { SavedReply } from "@parley/shared/api/support";

/** More are not shown: another letter finds them. */
const SHOWN = 8;

/** The replies that have all these words, in part at least: those first whose title begins so. */
export function matching(replies: readonly SavedReply[], typed: string): SavedReply[] {
  const plain = (text: string) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
  const words = plain(typed).split(/\s+/u).filter(Boolean);
  const begins = ({ title }: SavedReply) => (plain(title).startsWith(words[0] ?? "") ? 0 : 1);
  return replies
    .filter(({ title, text }) => words.every((word) => plain(`${title} ${text}`).includes(word)))
    .sort((a, b) => begins(a) - begins(b))
    .slice(0, SHOWN);
}
