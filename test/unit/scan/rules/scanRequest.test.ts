import { describe, expect, it } from 'vitest';
import { readScanRequest } from '../../../../src/lib/scan/rules/scanRequest.ts';
import { VAULT_URL } from '../../../fakes/metadata.ts';

const request = { vaultUrl: VAULT_URL, runId: 'scan-1', mode: 'attention' };

describe('a message of the scan queue', () => {
  it('is a request, without what else it holds', () => {
    expect(readScanRequest({ ...request, more: 'x' })).toEqual(request);
  });

  it.each([
    ['vaultUrl', { ...request, vaultUrl: 'kv' }],
    ['vaultUrl', { ...request, vaultUrl: undefined }],
    ['vaultUrl', undefined],
    ['vaultUrl', null],
    ['vaultUrl', 'text'],
    ['runId', { ...request, runId: '' }],
    ['runId', { ...request, runId: 7 }],
    ['mode', { ...request, mode: 'all' }],
    ['mode', { ...request, mode: 'constructor' }],
  ])('without a right %s is refused by that name', (member, message) => {
    expect(() => readScanRequest(message)).toThrow(new RegExp(`^scan message: ${member} `));
  });
});
