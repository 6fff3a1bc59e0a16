import { isLoopback } from '../src/lib/kernel/vaultUrl.ts';

/** Why a text is no address of a deployed app, for people; `undefined` when it is one. */
export const whyNoAppAddress = (given: string): string | undefined => {
  if (given === '') return 'none was given';
  const url = URL.canParse(given) ? new URL(given) : undefined;
  if (url === undefined || !['http:', 'https:'].includes(url.protocol))
    return 'it begins with https://, like https://NAME.azurewebsites.net';
  if (url.username !== '' || url.password !== '') return 'it carries no credentials';
  // Whoever stands in between could answer "healthy".
  if (url.protocol === 'http:' && !isLoopback(url.href)) return 'http is not encrypted; write https';
  return undefined;
};
