/** The languages that the widget's own words are there in. */
const LANGUAGES: readonly { readonly value: string; readonly label: string }[] = [
  { value: "", label: "As the page" },
  { value: "en", label: "English" },
  { value: "de", label: "Deutsch" },
  { value: "fr", label: "Français" },
  { value: "es", label: "Español" },
  { value: "pt", label: "Português" },
  { value: "ar", label: "العربية" },
  { value: "ja", label: "日本語" },
];

/** What one can choose, with what a file may say besides. */
export const languagesFor = (chosen: string | undefined): { value: string; label: string }[] =>
  chosen === undefined || LANGUAGES.some(({ value }) => value === chosen)
    ? [...LANGUAGES]
    : [...LANGUAGES, { value: chosen, label: chosen }];
