import type { IncomingMessage } from "node:http";
import { extname } from "node:path";
import express, { type Handler, type Response } from "express";

/** What the builds put beside a file (scripts/compress.mjs), the smallest first. */
const PACKED = [
  { ending: ".br", encoding: "br" },
  { ending: ".gz", encoding: "gzip" },
] as const;

/** What was said of a file that is then not sent: it is not true of the refusal. */
const OF_THE_FILE = ["Content-Encoding", "Content-Type", "Cache-Control", "ETag", "Last-Modified"];

/**
 * Serves the files of a folder as `express.static` does, and in Brotli or gzip where the build has packed them and the
 * client takes it. Ranges and ETags are those of what is sent, so each encoding has its own.
 * @param maxAge how long a copy may be kept: in ms, or as `express.static` takes it
 * @param immutable the name holds the digest of the content
 */
export function staticFiles(root: string, keep: { maxAge: string | number; immutable?: boolean }): Handler {
  const files = express.static(root, { ...keep, index: false, redirect: false, setHeaders: describeFile });
  return function staticFiles(request, response, next) {
    const { url } = request;
    const [path, query = ""] = url.split(/(?=\?)/, 2);
    const packed = PACKED.filter(({ encoding }) => request.acceptsEncodings(encoding) !== false);
    const urls = [...packed.map(({ ending }) => `${path}${ending}${query}`), url];
    const attempt = (error?: unknown): void => {
      const candidate = error === undefined ? urls.shift() : undefined;
      if (candidate !== undefined) {
        request.url = candidate;
        return files(request, response, attempt);
      }
      request.url = url;
      for (const header of OF_THE_FILE) response.removeHeader(header);
      next(error);
    };
    attempt();
  };
}

function describeFile(response: Response<IncomingMessage>, path: string): void {
  response.vary("Accept-Encoding");
  const packed = PACKED.find(({ ending }) => path.endsWith(ending));
  if (packed === undefined) return;
  response.set("Content-Encoding", packed.encoding);
  response.type(extname(path.slice(0, -packed.ending.length)));
}
