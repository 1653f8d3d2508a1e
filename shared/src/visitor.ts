/** What kind of device a visitor has, as his browser says. */
export const DEVICES = ["phone", "tablet", "desktop"] as const;
export type Device = (typeof DEVICES)[number];
export const isDevice = (value: unknown): value is Device => DEVICES.some((device) => device === value);

/** The tags that a language may be told by: a language with its script, region and the like, as `de-AT` or `zh-Hant-TW`. */
const LANGUAGE = /^[a-z]{2,3}(-[a-z0-9]{2,8}){0,3}$/i;

/** Whether the text is such a tag: 2 to 30 characters, letters, digits and `-`. */
export const isLanguage = (value: unknown): value is string => typeof value === "string" && LANGUAGE.test(value);
