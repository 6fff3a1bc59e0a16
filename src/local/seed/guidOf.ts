import { createHash } from 'node:crypto';

/** A GUID that is the same at every start. */
export const guidOf = (...parts: readonly (string | number)[]): string =>
  createHash('sha256')
    .update(`contoso/${parts.join('/')}`)
    .digest('hex')
    .replace(/^(.{8})(.{4}).(.{3}).(.{3})(.{12}).*$/, '$1-$2-4$3-8$4-$5');
