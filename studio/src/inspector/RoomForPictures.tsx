import { Button, Stack } from "@mantine/core";
import { useState } from "react";
import { LazyPart, lazyScript } from "../app/LazyPart.js";

const room = lazyScript(() => import("../pictures/picture-part.js").then((module) => module.PictureRoom));

/** How much room pictures take, for who asks. */
export function RoomForPictures() {
  const [open, setOpen] = useState(false);
  if (!open) {
    return (
      <Button variant="default" size="xs" w="fit-content" onClick={() => setOpen(true)}>
        How much room pictures take
      </Button>
    );
  }
  return (
    <LazyPart script={room} what="The room for pictures" loading={<Stack h={64} />}>
      {(Room) => <Room />}
    </LazyPart>
  );
}
