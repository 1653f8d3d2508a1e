import { useState } from "react";
import { ApiError } from "../api.js";

/** Something that a person asks of the server: whether it is under way, and why it did not go well, in a sentence. */
export function useTry() {
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string>();
  const attempt = async (act: () => Promise<void>): Promise<void> => {
    setBusy(true);
    setProblem(undefined);
    try {
      await act();
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      setProblem(error.message);
    } finally {
      setBusy(false);
    }
  };
  return { busy, problem, attempt };
}
