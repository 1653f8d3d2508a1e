import { own } from "../../flow/json.js";
import type { Settings } from "../../flow/settings.js";
import { firstUnits } from "../../text.js";
import { type Export, object, text } from "./read-export.js";

/** What of an export's settings is one of ours, and what of them is not taken along. */
export function readSettings({ file }: Export): { settings: Settings; left: string[] } {
  const settings = object(own(file, "settings"));
  const chat = object(own(object(own(file, "theme")), "chat"));
  const title = firstUnits(
    (text(own(object(own(settings, "metadata")), "title")) || text(own(file, "name"))).trim(),
    100,
  );
  const avatar = text(own(object(own(chat, "hostAvatar")), "url"));
  const color = text(own(object(own(chat, "buttons")), "backgroundColor"));
  const appearance = {
    ...(/^#[0-9a-f]{6}$/i.test(color) && { color }),
    ...(/^https:\/\/[^\s{}]+$/i.test(avatar) && avatar.length <= 300 && { avatar }),
  };
  const left: string[] = [];
  const allowed = own(object(own(settings, "security")), "allowedOrigins");
  if (Array.isArray(allowed) && allowed.length > 0) {
    left.push("The sites that may show the bot are not taken along: name them again in the settings.");
  }
  if (text(own(object(own(file, "theme")), "customCss")) !== "") left.push("Its own styles are not taken along.");
  return {
    settings: { ...(title !== "" && { title }), ...(Object.keys(appearance).length > 0 && { appearance }) },
    left,
  };
}
