import type { DataAction } from './identities.ts';
import type { VaultStore } from './vaultStore.ts';

/** One authenticated request to one vault, as a route sees it. */
export interface Call {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly body: unknown;
  readonly baseUrl: string;
  readonly nowSeconds: number;
  readonly store: VaultStore;
}

/** What a route gives back; refusals are thrown as `WireError`. */
export interface Answer {
  readonly status: number;
  /** Written as JSON; a string is taken as JSON already. */
  readonly body?: unknown;
}

/** Name and version out of the path; a version is empty where the path ends in a slash. */
export interface RouteParameters {
  readonly name: string;
  readonly version: string;
}

type Handler = (call: Call, parameters: RouteParameters) => Answer | Promise<Answer>;

export interface Route {
  readonly method: string;
  readonly path: RegExp;
  readonly action: DataAction;
  readonly handle: Handler;
}

/** Words that the service uses in the place of a version are none. */
const VERSION = '(?!(?:versions|policy|pending|rotationpolicy|backup|attestation|rotate)$)(?<version>\\w*)';

/**
 * A route whose path is a template like `/secrets/:name/:version?`. An optional version may be missing together
 * with its slash, as both `/secrets/x` and the SDK's `/secrets/x/` mean the newest one.
 */
export const route = (
  method: 'GET' | 'PUT' | 'PATCH' | 'POST' | 'DELETE',
  template: string,
  action: DataAction,
  handle: Handler,
): Route => {
  const pattern = template
    .replace('/:version?', `(?:/${VERSION})?`)
    .replace('/:version', `/${VERSION}`)
    .replace('/:name', '/(?<name>[^/]+)');
  return { method, path: new RegExp(`^${pattern}$`), action, handle };
};

export const ok = (body: unknown): Answer => ({ status: 200, body });
