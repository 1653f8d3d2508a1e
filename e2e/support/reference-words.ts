/** The texts of bot-assistant.json. */
export const WORDS = {
  hello: "Hi, I'm Bot! Nice to meet you.",
  lang: "What programming language do you use in your hobby projects?",
  pref: "I enabled chat editor",
  prefPlaceholder: "Type your preferred language here...",
  others: "Any other?",
  done: "Great, thanks!",
} as const;

/**
 * What is written under Details of each step, in the order of the fields there; undefined: the studio has given that name
 * already.
 */
export const NAMES: readonly { readonly step: string; readonly names: readonly (string | undefined)[] }[] = [
  { step: WORDS.hello, names: ["greetings"] },
  {
    step: WORDS.lang,
    names: ["langChoices", "lang", "langChoiceRust", undefined, "langChoiceGo", undefined, "langChoiceOther"],
  },
  {
    step: WORDS.pref,
    names: ["startLangPrefSession", "langPreference", "getLangPrefResponse", "endLangPrefSession"],
  },
  { step: WORDS.others, names: ["anyOtherChoices", "others", "anyOtherYes", undefined, "anyOtherNo"] },
  { step: WORDS.done, names: ["done"] },
];
