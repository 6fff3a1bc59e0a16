import { describe, expect, it } from 'vitest';
import { targetCounts, targetHeading, targetWords } from '../../../../src/cli/report/targetWords.ts';

const VAULT = { source: 'keyvault', vault: 'kv-a' } as const;
const TENANT = { source: 'entra', vault: 'contoso' } as const;

describe('what holds credentials, in words', () => {
  it('heads a column alike, whichever scan ended first', () => {
    expect([[VAULT, TENANT], [TENANT, VAULT, VAULT], [TENANT], []].map(targetHeading)).toEqual([
      'vault/directory',
      'vault/directory',
      'directory',
      'vault',
    ]);
  });

  it('is that of the source, for each target', () => {
    expect(['kv-a', 'contoso', 'unheard of'].map(targetWords([VAULT, TENANT]))).toEqual([
      'vault',
      'directory',
      'vault',
    ]);
  });

  it('is counted', () => {
    expect([[], [VAULT], [TENANT], [VAULT, VAULT, TENANT]].map(targetCounts)).toEqual([
      '0 vaults',
      '1 vault',
      '1 directory',
      '2 vaults, 1 directory',
    ]);
  });
});
