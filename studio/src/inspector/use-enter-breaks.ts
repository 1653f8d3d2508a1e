import { useMediaQuery } from "@mantine/hooks";

/** Whether Enter breaks the line: the keyboards of touch screens have no Shift+Enter. */
export const useEnterBreaks = (): boolean =>
  useMediaQuery("(pointer: coarse) and (hover: none)", false, { getInitialValueInEffect: false });
