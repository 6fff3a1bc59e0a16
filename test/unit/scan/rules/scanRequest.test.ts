import { describe, expect, it } from 'vitest';
import { readScanRequest } from '../../../../src/lib/scan/rules/scanRequest.ts';
import { VAULT_URL } from '../../../fakes/metadata.ts';

const request = { source: 'keyvault', target: VAULT_URL, runId: 'scan-1', mode: 'attention' };

describe('a message of the scan queue', () => {
  it('is a request, without what else it holds', () => {
    expect(readScanRequest({ ...request, more: 'x' })).toEqual(request);
  });

  it.each([
    ['source', { ...request, source: 'keyvaults' }],
    ['source', { ...request, source: 'constructor' }],
    ['source', undefined],
    ['source', null],
    ['source', 'text'],
    ['target', { ...request, target: '' }],
    ['target', { ...request, target: undefined }],
    ['runId', { ...request, runId: '' }],
    ['runId', { ...request, runId: 7 }],
    ['mode', { ...request, mode: 'all' }],
    ['mode', { ...request, mode: 'constructor' }],
  ])('without a right %s is refused by that name', (member, message) => {
    expect(() => readScanRequest(message)).toThrow(new RegExp(`^scan message: ${member} `));
  });
});
