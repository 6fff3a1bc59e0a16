import { describe, expect, it } from 'vitest';
import { printable, printableAddress } from '../../../../src/lib/kernel/printable.ts';
import { readTargets } from '../../../../src/lib/kernel/targets.ts';
import { readVaultUrl } from '../../../../src/lib/kernel/vaultUrl.ts';
import { readThreshold } from '../../../../src/lib/scan/rules/threshold.ts';
import { readVaultEvent } from '../../../../src/lib/scan/rules/vaultEvent.ts';
import { VAULT_URL } from '../../../fakes/metadata.ts';

describe('text that is longer than anything it could be', () => {
  it('names no object and no vault, and is not repeated', () => {
    const long = `https://${'a'.repeat(100_000)}.vault.azure.net/secrets/x`;
    const split = `${VAULT_URL}/secrets/${'a,/@ '.repeat(200_000)}`;
    for (const reading of [
      ...[long, split].map((Id) => readVaultEvent({ data: { Id } })),
      readVaultUrl(long),
    ]) {
      expect(reading.ok).toBe(false);
      expect('problem' in reading && reading.problem.length).toBeLessThan(300);
    }
    const topic = `/subscriptions/0a0a0a0a-1111-4222-8333-444444444444/${'x'.repeat(5_000)}`;
    const reading = readVaultEvent({ topic, data: { Id: `${VAULT_URL}/secrets/door` } });
    expect(reading).toMatchObject({ ok: true, event: { subscriptionId: undefined } });
    expect(readThreshold(`1${' '.repeat(100)}`)).toMatchObject({ ok: false });
    const hosts = Array.from({ length: 5_000 }, (_, index) => `h${index}.example`).join(',');
    expect(readTargets(hosts)).toMatchObject({ ok: false });
  });

  it('is shown from its beginning, as any other, and without what stands before an @', () => {
    expect(printable('😀'.repeat(5_000), 10)).toBe(`${'😀'.repeat(9)}…`);
    expect(printable(`\u0007${'x'.repeat(5_000)}`, 12)).toBe('\\u{7}xxxxxx…');
    const password = 'p'.repeat(5_000);
    expect(printableAddress(`user:${password}@host.example/x`)).toBe('…@host.example/x');
    expect(printableAddress(`https://user:${password}@host.example/x?y`)).toBe('https://…@host.example/x?…');
  });
});
