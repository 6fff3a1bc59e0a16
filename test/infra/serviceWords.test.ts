import { describe, expect, it } from 'vitest';
import { infraTexts } from './template.ts';

/** Words that a service insists on and no type definition knows. */
const texts = infraTexts();
const text = (module: string): string => texts.get(`infra/modules/${module}.bicep`) ?? '';

describe('words that only the service knows', () => {
  it('are the DNS zones of private links', () => {
    const suffix = '$' + '{environment().suffixes.storage}';
    const zones = [...text('network').matchAll(/'(privatelink\.[^']+)'/g)].map((match) => match[1]);
    expect(zones).toEqual(['blob', 'queue', 'table'].map((service) => `privatelink.${service}.${suffix}`));
    // In the public cloud: .vault.azure.net, and so privatelink.vaultcore.azure.net.
    expect(text('network')).toContain(
      "replace(environment().suffixes.keyvaultDns, '.vault.', '.vaultcore.')",
    );
  });

  it('ask for the common alert schema wherever a receiver can have it', () => {
    const lists = text('actionGroup')
      .split(/^ {4}(?=\w+Receivers:)/m)
      .slice(1);
    const without = lists.filter((list) => !list.includes('useCommonAlertSchema: true'));
    expect(without.map((list) => /^\w+/.exec(list)?.[0])).toEqual(['smsReceivers', 'voiceReceivers']);
  });

  it('are ISO 8601 durations, and a version of the sealing key outlives the next rotation', () => {
    const [rotate, expire] = [...text('sealingKey').matchAll(/param \w+After string = '([^']+)'/g)].map(
      (match) => daysOf(match[1] ?? ''),
    );
    expect(rotate).toBeGreaterThanOrEqual(7);
    expect(expire).toBeGreaterThan(2 * (rotate ?? Number.NaN));
    expect(daysOf(/timeBeforeExpiry: '([^']+)'/.exec(text('sealingKey'))?.[1] ?? '')).toBeGreaterThan(7);
  });
});

const daysOf = (duration: string): number => {
  const match = /^P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)D)?$/.exec(duration);
  if (match === null || duration === 'P') return Number.NaN;
  const [years, months, days] = match.slice(1).map((part) => Number(part ?? 0));
  return (years ?? 0) * 365 + (months ?? 0) * 30 + (days ?? 0);
};
