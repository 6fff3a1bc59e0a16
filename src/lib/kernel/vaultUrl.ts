import { printableAddress } from './printable.ts';

/** The DNS suffixes of Key Vault: public cloud, China, US government. */
const VAULT_SUFFIXES = ['.vault.azure.net', '.vault.azure.cn', '.vault.usgovcloudapi.net'] as const;
const HSM_SUFFIX = /\.managedhsm\.(azure\.net|azure\.cn|usgovcloudapi\.net)$/;
/** 3 to 24 letters, digits and single hyphens, from a letter to a letter or digit. */
const VAULT_NAME = /^(?=.{3,24}$)[a-z](?:-?[a-z0-9])*$/;
/** Twice what a host and a whole identifier of an object come to. */
const LONGEST_ADDRESS = 1_024;
const LOOPBACK_HOSTS: ReadonlySet<string> = new Set(['127.0.0.1', 'localhost', '[::1]']);

export type VaultUrlReading =
  | { readonly ok: true; readonly vaultUrl: string }
  | { readonly ok: false; readonly problem: string };

/**
 * Reads the address of a vault as a person typed it into its origin.
 * @param allowLoopback also accept a stand-in on this machine, over http: for local mode only
 * @returns the origin, or a sentence that says what was given and what is allowed
 */
export const readVaultUrl = (text: string, allowLoopback = false): VaultUrlReading => {
  if (text.length > LONGEST_ADDRESS)
    return { ok: false, problem: `an address of ${text.length} characters, longer than that of any vault` };
  const given = text.trim();
  const refuse = (why: string): VaultUrlReading => ({
    ok: false,
    problem: `"${printableAddress(given)}" ${why}`,
  });
  if (given === '') return { ok: false, problem: 'the address of the vault is empty' };
  if (VAULT_NAME.test(given.toLowerCase())) {
    return refuse(`is a name without its domain; write https://${given.toLowerCase()}${VAULT_SUFFIXES[0]}`);
  }
  if (!URL.canParse(given) || !/^https?:$/.test(new URL(given).protocol)) {
    return refuse(`is no address of a vault; write https://NAME${VAULT_SUFFIXES[0]}`);
  }
  const url = new URL(given);
  if (url.username !== '' || url.password !== '')
    return refuse('carries credentials, which an address of a vault never does');
  if (url.pathname !== '/' || url.search !== '' || url.hash !== '') {
    return refuse(`goes on after the host; write ${url.origin}`);
  }
  if (allowLoopback && LOOPBACK_HOSTS.has(url.hostname)) return { ok: true, vaultUrl: url.origin };
  if (HSM_SUFFIX.test(url.hostname))
    return refuse('is a managed HSM, which Keywatch does not scan; name a vault');
  const suffix = VAULT_SUFFIXES.find((one) => url.hostname.endsWith(one));
  if (suffix === undefined) {
    return refuse(`is not a host of Key Vault; allowed are hosts that end in ${VAULT_SUFFIXES.join(', ')}`);
  }
  if (!VAULT_NAME.test(url.hostname.slice(0, -suffix.length))) {
    return refuse('does not name a vault: a name has 3 to 24 letters, digits and single hyphens');
  }
  if (url.protocol !== 'https:') return refuse(`is not encrypted; write https://${url.hostname}`);
  if (url.port !== '') return refuse(`names a port; write https://${url.hostname}`);
  return { ok: true, vaultUrl: url.origin };
};

/** The short name of a vault, as people say it: `kv-prod`, or host and port of a stand-in. */
export const vaultNameOf = (vaultUrl: string): string => {
  const { hostname, host } = new URL(vaultUrl);
  return VAULT_SUFFIXES.some((suffix) => hostname.endsWith(suffix)) ? (hostname.split('.')[0] ?? host) : host;
};

export const isLoopback = (url: string): boolean => LOOPBACK_HOSTS.has(new URL(url).hostname);
