import { useEffect, useMemo, useState } from "react";
import { ApiError, createApi } from "../../api.js";
import { FLOWS_PATH, navigate } from "../router.js";
import { Opening } from "../SessionGate.js";
import { LoginScreen } from "./LoginScreen.js";

/**
 * `/studio/login#<secret>`: spends the secret. It leaves the address bar and the history before it is sent, so that it
 * is in neither when somebody looks over one's shoulder.
 */
export function LinkScreen() {
  const api = useMemo(
    () => createApi({ fetch: (...given) => fetch(...given), tab: () => undefined, signedOut: () => {} }),
    [],
  );
  const [secret] = useState(takeSecret);
  const [complaint, setComplaint] = useState<string>();
  useEffect(() => {
    window.history.replaceState(null, "", window.location.pathname);
    if (secret === "") return;
    api("POST /api/session", { body: { secret } }).then(enter, (error: unknown) =>
      setComplaint(
        error instanceof ApiError && error.code === "wrong-login"
          ? "This link was used before, or is too old. Print a fresh one."
          : (error as Error).message,
      ),
    );
  }, [api, secret]);
  if (secret !== "" && complaint === undefined) return <Opening />;
  return <LoginScreen api={api} entered={enter} complaint={complaint} />;
}

const enter = () => navigate(FLOWS_PATH, { replace: true });
const takeSecret = () => window.location.hash.slice(1);
