import type { Me } from "@parley/shared/api/access";
import { createContext, useContext } from "react";
import type { CallApi } from "../api.js";
import type { StudioSocket } from "./socket.js";

export type Session = {
  readonly api: CallApi;
  readonly socket: StudioSocket;
  readonly me: Me;
  readonly signOut: () => void;
};

const SessionContext = createContext<Session | undefined>(undefined);
export const SessionProvider = SessionContext.Provider;

/** Who is signed in, and the server. Only below the screens that need a session. */
export function useSession(): Session {
  const session = useContext(SessionContext);
  if (!session) throw new Error("useSession is used outside of a session");
  return session;
}

export const mayReadConversations = (me: Me): boolean => me.rights.includes("conversations:read");
export const mayAnswer = (me: Me): boolean => me.rights.includes("conversations:answer");
export const mayErase = (me: Me): boolean => me.rights.includes("conversations:erase");
export const mayWrite = (me: Me): boolean => me.rights.includes("flows:write");
export const mayManage = (me: Me): boolean => me.rights.includes("access:manage");
