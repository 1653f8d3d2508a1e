import type { NewPicture, StoredPicture } from "@parley/shared/api/pictures";
import type { Problem } from "@parley/shared/api/problem";
import { PICTURE_LIMITS } from "@parley/shared/flow/pictures";
import { ApiError } from "../api.js";
import { toBase64 } from "./to-base64.js";

export type Upload = {
  /** Without one it is for one's own profile. */
  readonly flow?: string;
  readonly file: Blob;
  /** From 0 to 1: how much of it has been sent. */
  readonly progress: (part: number) => void;
  readonly signal: AbortSignal;
};

/**
 * Uploads a picture for a flow or one's profile. By XMLHttpRequest: a fetch does not say how far it is.
 * @throws ApiError for what the server refuses, and while it cannot be reached; the signal's reason when that ends it
 */
export async function uploadPicture({ flow, file, progress, signal }: Upload): Promise<StoredPicture> {
  // The server would say the same, once all of it was sent.
  if (file.size > PICTURE_LIMITS.bytes) {
    const size = Math.round(file.size / 1024 / 102.4) / 10;
    throw new ApiError("problem", `A picture may have 2 MB; this one has ${size} MB.`, 413, "too-large");
  }
  const body: NewPicture = { data: await toBase64(file) };
  signal.throwIfAborted();
  const request = new XMLHttpRequest();
  return new Promise((resolve, reject) => {
    const owner = flow === undefined ? "profile" : `flows/${encodeURIComponent(flow)}`;
    request.open("POST", `/api/${owner}/pictures`);
    request.setRequestHeader("content-type", "application/json");
    request.responseType = "json";
    request.upload.onprogress = ({ loaded, total }) => progress(loaded / total);
    request.onload = () => {
      if (request.status === 200) return resolve(request.response as StoredPicture);
      const problem = request.response as Partial<Problem> | null;
      const title = problem?.title ?? `The server answered with status ${request.status}.`;
      reject(new ApiError("problem", title, request.status, problem?.code as ApiError["code"]));
    };
    request.onerror = () => reject(new ApiError("offline", "The server cannot be reached. Try again."));
    request.onabort = () => reject(signal.reason);
    signal.addEventListener("abort", () => request.abort());
    request.send(JSON.stringify(body));
  });
}
