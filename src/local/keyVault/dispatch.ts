import type { Answer, Call, Route } from './call.ts';
import { certificateRoutes } from './certificateRoutes.ts';
import { notImplemented } from './errors.ts';
import { authorize, type Identity } from './identities.ts';
import { keyRoutes } from './keyRoutes.ts';
import { secretRoutes } from './secretRoutes.ts';

const ROUTES: readonly Route[] = [...secretRoutes, ...keyRoutes, ...certificateRoutes];

/** Finds the route, checks that the caller may take it, takes it; refuses with 501 what has none. */
export const dispatch = (call: Call, identity: Identity): Answer | Promise<Answer> => {
  for (const { method, path, action, handle } of ROUTES) {
    if (method !== call.method) continue;
    const match = path.exec(call.path);
    if (match === null) continue;
    const { name, version = '' } = match.groups ?? {};
    authorize(identity, action, name);
    return handle(call, { name: name ?? '', version });
  }
  throw notImplemented(`${call.method} ${call.path}`);
};
