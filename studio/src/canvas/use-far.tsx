import { useStore } from "@xyflow/react";
import { createContext, type ReactNode, useContext } from "react";
import { FAR } from "../theme/theme.js";

const FarContext = createContext(false);
const isFar = (state: { transform: [number, number, number] }) => state.transform[2] < FAR;

/** Tells all cards and edges how near one is: each on its own would be asked anew in every frame of a pan. */
export function FarProvider({ children }: { children: ReactNode }) {
  return <FarContext value={useStore(isFar)}>{children}</FarContext>;
}

/** Zoomed out so far that a card is its kind and first line. */
export const useFar = (): boolean => useContext(FarContext);
