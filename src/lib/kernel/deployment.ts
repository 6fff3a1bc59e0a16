/** The id of whoever gave itself none: a laptop. */
export const UNNAMED_DEPLOYMENT = 'local';

/** As Azure names sites: up to 60 letters, digits and dashes, no dash at an end. */
const DEPLOYMENT = /^[a-z0-9](?:[a-z0-9-]{0,58}[a-z0-9])?$/;

/** Reads the id of a deployment, in lower case; `undefined` for text that is none. */
export const readDeployment = (text: string): string | undefined => {
  const id = text.trim().toLowerCase();
  return DEPLOYMENT.test(id) ? id : undefined;
};

/**
 * Under whose name a worker refreshes a grant: that of the record. The control store is what owns a token, so
 * a laptop that works on the store of a deployed app works for that app, and a site with a new name goes
 * on under the old one. A record that no deployment with a name has worked on takes that of the first one.
 */
export const actingDeployment = (recorded: string | undefined, own: string, isIdle: boolean): string => {
  if (recorded === undefined) return own;
  return recorded === UNNAMED_DEPLOYMENT && isIdle ? own : recorded;
};
