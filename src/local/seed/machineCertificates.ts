import { X509Certificate } from 'node:crypto';
import { getCACertificates } from 'node:tls';
import { certificate, type SeededObject } from './seededObject.ts';

/** Certificates that this machine trusts, so that real end dates are on the screen. */
export interface MachineCertificates {
  readonly objects: readonly SeededObject[];
  /** How many different ones there were to choose from; 0 where the machine shows none. */
  readonly found: number;
}

/** Those that end soonest: two show real dates, and more would hide the company's own. */
const MOST_TAKEN = 2;
const OWNER = 'trust-store@this-machine';

/** Reads the certificate authorities of the operating system; an unreadable one is left out. */
export const machineCertificates = (pems: readonly string[] = systemCertificates()): MachineCertificates => {
  const byFingerprint = new Map<string, X509Certificate>();
  // Most are there several times.
  for (const pem of new Set(pems)) {
    const parsed = parse(pem);
    if (parsed !== undefined) byFingerprint.set(parsed.fingerprint256, parsed);
  }
  const soonest = [...byFingerprint.values()].sort(
    (one, other) =>
      one.validToDate.getTime() - other.validToDate.getTime() ||
      one.fingerprint256.localeCompare(other.fingerprint256),
  );
  const names = new Set<string>();
  const objects = soonest.slice(0, MOST_TAKEN).map((found) => {
    const name = uniqueName(found, names);
    return certificate(name, { pem: found.toString(), madeDaysAgo: 30, owner: OWNER });
  });
  return { objects, found: byFingerprint.size };
};

const systemCertificates = (): readonly string[] => {
  try {
    return getCACertificates('system');
  } catch {
    return [];
  }
};

const parse = (pem: string): X509Certificate | undefined => {
  try {
    return new X509Certificate(pem);
  } catch {
    return undefined;
  }
};

const MOST_NAME_CHARACTERS = 60;

const uniqueName = ({ subject, fingerprint256 }: X509Certificate, taken: Set<string>): string => {
  const called = /(?:^|\n)CN=(.+)/.exec(subject)?.[1] ?? /(?:^|\n)OU?=(.+)/.exec(subject)?.[1] ?? '';
  const words = called
    .normalize('NFKD')
    .replaceAll(/\p{M}/gu, '')
    .replaceAll(/[^0-9A-Za-z]+/g, '-')
    .replaceAll(/^-+|-+$/g, '');
  const base = `ca-${words.slice(0, MOST_NAME_CHARACTERS) || 'unnamed'}`;
  const name = taken.has(base.toLowerCase())
    ? `${base}-${fingerprint256.slice(0, 5).replace(':', '').toLowerCase()}`
    : base;
  taken.add(name.toLowerCase());
  return name;
};
