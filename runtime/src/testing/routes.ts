import type { Express } from "express";

type Layer = {
  readonly name: string;
  readonly route?: { readonly path: string | readonly string[]; readonly methods: Readonly<Record<string, boolean>> };
  readonly handle: { readonly stack?: readonly Layer[] };
};

/**
 * The routes of a running app, read from its router: `GET /api/flows/{flow}`. What answers every method of a path, or
 * everything below one, is in `others`, by the name of its function.
 */
export function routesOf(app: Express): { routes: string[]; others: string[] } {
  const routes: string[] = [];
  const others: string[] = [];
  const walk = (layers: readonly Layer[]): void => {
    for (const { name, route, handle } of layers) {
      if (route) {
        for (const one of [route.path].flat()) {
          const path = one.replace(/:(\w+)/g, "{$1}");
          for (const method of Object.keys(route.methods)) {
            if (method !== "_all") routes.push(`${method.toUpperCase()} ${path}`);
          }
        }
      } else if (handle.stack) walk(handle.stack);
      else others.push(name);
    }
  };
  walk((app as unknown as { router: { stack: readonly Layer[] } }).router.stack);
  return { routes, others };
}
