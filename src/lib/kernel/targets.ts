import { printableAddress } from './printable.ts';

/** No credential is used at more hosts; it bounds what one tag or grant adds to telemetry. */
export const MAXIMUM_TARGETS = 10;

/** What a target may be, in words for people. */
export const TARGETS_ALLOWED = `1 to ${MAXIMUM_TARGETS} full host names like api.partner.com, separated by commas or spaces`;

/**
 * Two labels or more of ASCII letters, digits and inner hyphens. The last one starts with a letter, which
 * leaves out every way to write an IPv4 address; IPv6 has colons.
 */
const HOST = /^(?=.{3,253}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?$/;

export type TargetsReading =
  | { readonly ok: true; readonly hosts: readonly string[] }
  | { readonly ok: false; readonly given: string; readonly allowed: string };

/** Reads one host name as a person typed it; `undefined` for anything else, an address of the host too. */
export const readTarget = (text: string): string | undefined => {
  // Some letters outside ASCII have an ASCII one for their lower case, like the sign for Kelvin.
  if (!/^[0-9A-Za-z.-]+$/.test(text)) return undefined;
  const host = text.toLowerCase();
  return HOST.test(host) ? host : undefined;
};

/**
 * Reads the hosts that a credential is used at, which are a label only: nothing is ever sent there.
 * One item that is no host name spoils the list: half of it would look like the whole.
 * @returns lower-case host names, each once, in the order given; or what is allowed instead, and why
 */
export const readTargets = (text: string): TargetsReading => {
  const refuse = (allowed: string): TargetsReading => ({ ok: false, given: printableAddress(text), allowed });
  const items = text.split(/[ ,]+/).filter((item) => item !== '');
  const hosts: string[] = [];
  for (const item of items) {
    const host = readTarget(item);
    if (host === undefined) return refuse(`${TARGETS_ALLOWED}; ${whyNoTarget(item)}`);
    if (!hosts.includes(host)) hosts.push(host);
    if (hosts.length > MAXIMUM_TARGETS) break;
  }
  return hosts.length === 0 || hosts.length > MAXIMUM_TARGETS ? refuse(TARGETS_ALLOWED) : { ok: true, hosts };
};

/** Says of text that is no target what is wrong with it, and what to write where that can be reported. */
export const whyNoTarget = (item: string): string => {
  const shown = `"${printableAddress(item)}" is none`;
  const address = /^[a-z][a-z0-9+.-]*:\/\//i.test(item) ? item : `https://${item}`;
  // Not canParse: of a very long one it says yes where the constructor throws.
  const host = URL.parse(address)?.hostname.replace(/\.$/, '') ?? '';
  return HOST.test(host) ? `${shown} (write ${host})` : shown;
};
