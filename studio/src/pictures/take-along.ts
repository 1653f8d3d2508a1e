import { notifications } from "@mantine/notifications";
import type { CallApi } from "../api.js";
import { bringPictures, type Pictures } from "./bring-pictures.js";

/** Gives the server the pictures that came with a flow, and says what it does not take. Never rejects. */
export async function takeAlong(api: CallApi, flow: string, pictures: Pictures): Promise<void> {
  const lost = (count: number, message: string) =>
    notifications.show({
      color: "red",
      title: count === 1 ? "A picture was not taken along" : `${count} pictures were not taken along`,
      message,
    });
  try {
    const refused = await bringPictures(api, flow, pictures);
    const [first] = refused;
    if (first !== undefined) lost(refused.length, first);
  } catch {
    lost(Object.keys(pictures).length, "The server cannot be reached. Open the file again.");
  }
}
