import { Center, Loader } from "@mantine/core";
import type { Me } from "@parley/shared/api/access";
import { type ReactNode, useCallback, useEffect, useMemo, useState } from "react";
import { createApi } from "../api.js";
import { Loaded } from "./Loaded.js";
import { LoginScreen } from "./login/LoginScreen.js";
import { pageTimer } from "./page-timer.js";
import { SessionProvider } from "./session.js";
import { openSocket, type StudioSocket } from "./socket.js";
import { useLoad } from "./use-load.js";

/** Shows its children to who is signed in, and the way in to who is not; the address stays. */
export function SessionGate({ children }: { children: ReactNode }) {
  const [entered, setEntered] = useState(0);
  const anonymous = useMemo(() => createApi({ fetch: browserFetch, tab: () => undefined, signedOut: () => {} }), []);
  const { load, retry } = useLoad(
    async (signal) => ({ me: (await anonymous("GET /api/session", { signal })).value.me, turn: entered }),
    String(entered),
  );
  const enter = useCallback(() => setEntered((times) => times + 1), []);
  const gate = (
    <Loaded whole load={load} retry={retry} what="The studio" loading={<Opening />}>
      {({ me, turn }) =>
        me === undefined ? (
          <LoginScreen api={anonymous} entered={enter} />
        ) : (
          <SignedIn key={`${turn} ${me.id}`} me={me} left={enter}>
            {children}
          </SignedIn>
        )
      }
    </Loaded>
  );
  if (load.state === "ready" || load.state === "loading") return gate;
  return (
    <Center component="main" h="100%">
      {gate}
    </Center>
  );
}

function SignedIn({ me, left, children }: { me: Me; left: () => void; children: ReactNode }) {
  const [socket, setSocket] = useState<StudioSocket>();
  useEffect(() => {
    const opened = openSocket({
      connect: (subprotocol) => new WebSocket(socketUrl(), subprotocol),
      timer: pageTimer,
      random: Math.random,
      signedOut: left,
    });
    setSocket(opened);
    return () => opened.close();
  }, [left]);
  const session = useMemo(() => {
    if (socket === undefined) return undefined;
    const api = createApi({ fetch: browserFetch, tab: socket.tab, signedOut: left });
    const signOut = () => void api("DELETE /api/session", {}).then(left, left);
    return { api, socket, me, signOut };
  }, [socket, me, left]);
  if (session === undefined) return <Opening />;
  return <SessionProvider value={session}>{children}</SessionProvider>;
}

export function Opening() {
  return (
    <Center h="100%">
      <Loader role="status" aria-label="Opening" />
    </Center>
  );
}

const browserFetch: typeof fetch = (...given) => fetch(...given);

function socketUrl(): string {
  const url = new URL("/api/socket", window.location.href);
  url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
  return url.href;
}
