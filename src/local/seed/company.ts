import { DAY_MS } from '../../lib/kernel/time.ts';
import type { StandInVault } from '../keyVault/keyVaultStandIn.ts';
import { integrationVault } from './integrationVault.ts';
import { legacyVault } from './legacyVault.ts';
import type { MachineCertificates } from './machineCertificates.ts';
import { paymentsVault } from './paymentsVault.ts';
import { type SeededObject, type SeededVault, seedObject } from './seededObject.ts';

/** Contoso: three vaults with one of everything that can be the matter with a credential. */
export const companyVaults = (certificates: MachineCertificates): readonly SeededVault[] => [
  integrationVault,
  paymentsVault,
  { ...legacyVault, objects: [...legacyVault.objects, ...certificates.objects] },
];

/**
 * Fills a vault of the stand-in, unless it holds something already: dates that were relative to an
 * earlier start stay what they were.
 * @returns the number of objects put in
 */
export const seedVault = (vault: StandInVault, { objects }: SeededVault, nowEpochMs: number): number => {
  if (!vault.seed.isEmpty()) return 0;
  for (const object of objects) seedObject(vault.seed, withDates(object, nowEpochMs), nowEpochMs);
  return objects.length;
};

/** Dates in tags are relative as well: `IN-20-DAYS` becomes a date. */
const withDates = (object: SeededObject, nowEpochMs: number): SeededObject => {
  if (object.tags === undefined) return object;
  const tags = Object.entries(object.tags).map(([name, value]) => [
    name,
    value.replace(/^IN-(\d+)-DAYS$/, (_, days: string) =>
      new Date(nowEpochMs + Number(days) * DAY_MS).toISOString().slice(0, 10),
    ),
  ]);
  return { ...object, tags: Object.fromEntries(tags) };
};
