import type { BrowserContext, Page } from "@playwright/test";

/**
 * Has every document, frames included, say its violations of its policy as errors in the console, from its first line on.
 * Each says first that it is watched.
 */
export const watchPolicy = (pages: Page | BrowserContext): Promise<unknown> =>
  pages.addInitScript(() => {
    addEventListener("securitypolicyviolation", ({ effectiveDirective, blockedURI }) =>
      console.error(`${location.href} violates its ${effectiveDirective} by ${blockedURI}`),
    );
    console.debug(`watched: ${location.pathname}`);
  });
