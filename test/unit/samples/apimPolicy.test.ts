import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const POLICY = readFileSync(join(import.meta.dirname, '../../../samples/apim-policy.xml'), 'utf8');

describe('the policy of API Management', () => {
  it('keeps a token under the whole address that it comes from: another Keywatch may have a grant of the same id', () => {
    const [, asked] = /<set-url>([^<]+)<\/set-url>/.exec(POLICY) ?? [];
    const keys = [...POLICY.matchAll(/<cache-(?:lookup|store)-value key='([^']+)'/g)].map(([, key]) => key);
    expect(keys).toEqual([asked, asked]);
  });
});
