import { pathOf } from '../../web/rules/routes.ts';

/** Of a grant, where a person with the role begins its consent anew. */
export const reconnectPath = (grantId: string): string => pathOf('reconnect', { id: grantId });

/** Where a provider sends the browser back to: one for each authorization server. @see RFC 9700 §4.4 */
export const reconnectCallbackPath = (provider: string): string => pathOf('reconnectCallback', { provider });

/** Whether a browser came back to a redirect address, also by a server that ends each with a slash, as the host has it. */
export const isRedirectPath = (given: string, redirectPath: string): boolean =>
  given === redirectPath || given === `${redirectPath}/`;
