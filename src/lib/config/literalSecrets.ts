import { type ConfigIssue, configIssue } from './configIssue.ts';

/** Members whose value would be a secret if somebody wrote one there. Compared without case and separators. */
const SECRET_MEMBERS: ReadonlySet<string> = new Set([
  'clientsecret',
  'secret',
  'token',
  'pwd',
  'subscriptionkey',
  'sharedaccesskey',
  'clientassertion',
  'authorization',
  'secretvalue',
  'password',
  'passphrase',
  'refreshtoken',
  'accesstoken',
  'idtoken',
  'apikey',
  'privatekey',
  'connectionstring',
  'accountkey',
  'assertion',
  'sastoken',
]);

/** Shapes that are secrets wherever they stand: JWT, PEM, storage keys, SAS signatures, secrets of Entra apps. */
const SECRET_SHAPES = [
  /\beyJ[\w-]{8,}\.[\w-]{8,}/,
  /-----BEGIN [A-Z ]*PRIVATE KEY-----/,
  /\bAccountKey=/i,
  /[\w~.-]{3}\dQ~[\w~.-]{31,34}/,
  /[?&]sig=[\w%+/-]{20,}/i,
];

const ALLOWED =
  'the name of a Key Vault secret, as in { "vault": "https://NAME.vault.azure.net", "secretName": "NAME" }';

/** Finds literal secrets in a parsed config file. A fault names the place and never the value. */
export const literalSecretIssues = (value: unknown, where: string): ConfigIssue[] => {
  if (typeof value === 'string') {
    return SECRET_SHAPES.some((shape) => shape.test(value))
      ? [configIssue(where, 'a literal secret (not shown)', ALLOWED)]
      : [];
  }
  if (Array.isArray(value))
    return value.flatMap((item, index) => literalSecretIssues(item, `${where}[${index}]`));
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([member, inner]) => {
    const place = /\s$/.test(where) ? `${where}${member}` : `${where}.${member}`;
    const isSecretMember = SECRET_MEMBERS.has(member.toLowerCase().replace(/[_\- ]/g, ''));
    if (isSecretMember && typeof inner !== 'object')
      return [configIssue(place, 'a literal secret (not shown)', ALLOWED)];
    return literalSecretIssues(inner, place);
  });
};
