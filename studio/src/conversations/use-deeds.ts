import type { Deed } from "@parley/shared/api/conversations";
import { useRef, useState } from "react";
import { ApiError } from "../api.js";
import { useSession } from "../app/session.js";
import type { Watched } from "./use-watched.js";

type Doing = Deed extends infer D ? (D extends Deed ? Omit<D, "id"> : never) : never;

export type Deeds = {
  readonly busy: boolean;
  /** Why the last one had no effect, in a sentence. */
  readonly problem: string | undefined;
  /** @returns whether it was done */
  readonly act: (doing: Doing) => Promise<boolean>;
};

/**
 * What a person does in a conversation. What could not be sent for certain is sent again under the same id, so that it
 * is done once.
 */
export function useDeeds(flow: string, conversation: string, watched: Watched): Deeds {
  const { api } = useSession();
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string>();
  const unsure = useRef<{ readonly text: string; readonly id: string }>(undefined);
  const act = async (doing: Doing): Promise<boolean> => {
    const text = JSON.stringify(doing);
    const id = unsure.current?.text === text ? unsure.current.id : newId();
    unsure.current = { text, id };
    setBusy(true);
    try {
      const { value } = await api("POST /api/flows/{flow}/conversations/{conversation}/deeds", {
        path: { flow, conversation },
        body: { ...doing, id } as Deed,
      });
      unsure.current = undefined;
      const stale = value.outcome === "stale";
      const who = value.holder?.name ?? watched.holder?.name;
      setProblem(stale ? `This had no effect: ${who ?? "somebody else"} was quicker.` : undefined);
      return !stale;
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      setProblem(error.message);
      return false;
    } finally {
      setBusy(false);
    }
  };
  return { busy, problem, act };
}

/** 16 hex digits; `randomUUID` is not there on plain http. */
export const newId = (): string =>
  Array.from(crypto.getRandomValues(new Uint8Array(8)), (byte) => byte.toString(16).padStart(2, "0")).join("");
