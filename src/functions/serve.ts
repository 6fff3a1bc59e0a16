import { app, type HttpHandler } from '@azure/functions';
import { ROUTES } from '../lib/web/rules/routes.ts';

/** Serves a function over HTTP. To the platform it is for anybody: the app judges each call itself. */
export const serve = (
  name: string,
  method: 'GET' | 'POST',
  route: keyof typeof ROUTES,
  handler: HttpHandler,
): void => app.http(name, { methods: [method], route: ROUTES[route].path, authLevel: 'anonymous', handler });
