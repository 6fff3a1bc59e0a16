import { isLoopback } from '../../kernel/vaultUrl.ts';

/** Why nothing must be sent to the token endpoint at `address`; `undefined` when it may. Holds no query, which may carry secrets. */
export const endpointFault = (address: string, allowLoopback: boolean): string | undefined => {
  if (!URL.canParse(address)) return 'the token endpoint is not a URL';
  const { protocol, username, password } = new URL(address);
  if (/[{}]|%7[bd]/i.test(address))
    return 'the token endpoint has a placeholder that the config does not fill';
  if (username !== '' || password !== '') return 'the token endpoint holds a user name or password';
  if (protocol === 'https:') return undefined;
  if (protocol === 'http:' && allowLoopback && isLoopback(address)) return undefined;
  return `the token endpoint must be https, not ${protocol.slice(0, -1)}`;
};
