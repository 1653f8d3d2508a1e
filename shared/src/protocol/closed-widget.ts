/**
 * What a widget is told before anybody has shown interest (SPEC, The widget's files): the loader is small, so the server
 * chooses the language and says the few words that the closed widget has.
 */
export type ClosedWidget = {
  /** Of this contract. A loader may be years older than its server: fields are added, and none is taken away. */
  readonly v: 1;
  readonly title?: string;
  readonly color?: string;
  readonly avatar?: string;
  readonly greeting?: string;
  readonly position?: string;
  readonly launcher?: string;
  readonly theme?: string;
  /** A language tag, and the direction in which it is written. */
  readonly lang: string;
  readonly dir: "ltr" | "rtl";
  /** The part of words to bring; without one the widget speaks English. */
  readonly words?: string;
  /** What the button is called, and what takes the greeting away. */
  readonly open: string;
  readonly dismiss: string;
};

/** The languages with a part of words of their own, and what the closed widget says in them. */
export const CLOSED_WORDS: Readonly<Record<string, readonly [open: string, dismiss: string]>> = {
  de: ["Chat öffnen", "Ausblenden"],
  fr: ["Ouvrir la discussion", "Masquer"],
  es: ["Abrir el chat", "Ocultar"],
  pt: ["Abrir o chat", "Ocultar"],
  ar: ["فتح الدردشة", "إخفاء"],
  ja: ["チャットを開く", "隠す"],
};
export const CLOSED_ENGLISH = ["Open chat", "Dismiss"] as const;

const TAG = /^([a-z]{2,3})(?:-[a-z\d]{1,8})*$/i;
const RIGHT_TO_LEFT = /^(?:ar|he|fa|ur|ps|yi|ckb)$/;

/** The first of these that is a language tag: which words it has, and its direction, which it has in English words too. */
export function closedWords(
  ...tags: readonly unknown[]
): Pick<ClosedWidget, "lang" | "dir" | "words" | "open" | "dismiss"> {
  const lang = String(tags.find((tag) => typeof tag === "string" && tag.length < 36 && TAG.test(tag)) ?? "en");
  const language = TAG.exec(lang)![1]!.toLowerCase();
  const own = Object.hasOwn(CLOSED_WORDS, language) ? CLOSED_WORDS[language] : undefined;
  const [open, dismiss] = own ?? CLOSED_ENGLISH;
  const dir = RIGHT_TO_LEFT.test(language) ? "rtl" : "ltr";
  return { lang, dir, ...(own && { words: language }), open, dismiss };
}
