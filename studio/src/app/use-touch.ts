import { useMediaQuery } from "@mantine/hooks";

/** Whether one works with a finger: its keyboard comes over half of the screen, and has no Shift+Enter. */
export const useTouch = (): boolean =>
  useMediaQuery("(pointer: coarse) and (hover: none)", false, { getInitialValueInEffect: false });
