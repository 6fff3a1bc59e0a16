/** The id of whoever gave itself none: a laptop. */
export const UNNAMED_DEPLOYMENT = 'local';

/** As Azure names sites: up to 60 letters, digits and dashes, no dash at an end. */
const DEPLOYMENT = /^[a-z0-9](?:[a-z0-9-]{0,58}[a-z0-9])?$/;

/** Reads the id of a deployment, in lower case; `undefined` for text that is none. */
export const readDeployment = (text: string): string | undefined => {
  const id = text.trim().toLowerCase();
  return DEPLOYMENT.test(id) ? id : undefined;
};
