import type { Answer, Call, Route } from './call.ts';
import { certificateRoutes } from './certificateRoutes.ts';
import { badParameter, notImplemented } from './errors.ts';
import { authorize, type Identity } from './identities.ts';
import { keyRoutes } from './keyRoutes.ts';
import { secretRoutes } from './secretRoutes.ts';

const ROUTES: readonly Route[] = [...secretRoutes, ...keyRoutes, ...certificateRoutes];

const LATEST_API_VERSION = '2026-04-01';

const API_VERSIONS = new Set([
  ...['7.0', '7.1', '7.2', '7.3', '7.4', '7.5', '7.6-preview.2', '7.6'],
  ...['2025-07-01', LATEST_API_VERSION],
]);

/** Refuses a missing or unknown `api-version` with 400. */
export const requireApiVersion = (query: URLSearchParams): void => {
  const version = query.get('api-version');
  if (version === null) throw badParameter('api-version must be given');
  if (!API_VERSIONS.has(version))
    throw badParameter(`api-version ${version} is not known: the latest is ${LATEST_API_VERSION}`);
};

/** Finds the route, checks that the caller may take it, takes it; refuses with 501 what has none. */
export const dispatch = (
  call: Call,
  { identity, vault }: { readonly identity: Identity; readonly vault: string },
): Answer | Promise<Answer> => {
  for (const { method, path, action, handle } of ROUTES) {
    if (method !== call.method) continue;
    const match = path.exec(call.path);
    if (match === null) continue;
    const { name, version = '' } = match.groups ?? {};
    authorize(identity, action, { vault, name });
    return handle(call, { name: name ?? '', version });
  }
  throw notImplemented(`${call.method} ${call.path}`);
};
