import { useStore } from "@xyflow/react";
import { FAR } from "../theme/theme.js";

/** Zoomed out so far that a card is its kind and first line. */
export const useFar = (): boolean => useStore(isFar);
const isFar = (state: { transform: [number, number, number] }) => state.transform[2] < FAR;
