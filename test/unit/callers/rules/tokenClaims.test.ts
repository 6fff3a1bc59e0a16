import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readBearer } from '../../../../src/lib/callers/rules/bearerToken.ts';
import { callerOf } from '../../../../src/lib/callers/rules/tokenClaims.ts';
import { CALLER_REFUSALS } from '../../../../src/lib/credentials/callerRefusals.ts';
import { CLIENT_ID, PROGRAM, TENANT_ID } from '../../../fakes/startIdentityProvider.ts';

const expected = { tenantId: TENANT_ID, clientId: CLIENT_ID };
const CLAIMS = { aud: CLIENT_ID, tid: TENANT_ID, ...PROGRAM, idtyp: 'app', roles: ['A'] };

describe('the claims of a token', () => {
  it('let nobody in once one of those that decide is taken away or is anything else', () => {
    const deciding = fc.constantFrom('aud', 'tid', 'azp', 'oid', 'idtyp');
    fc.assert(
      fc.property(deciding, fc.anything(), (name, value) => {
        fc.pre(value !== CLAIMS[name as keyof typeof CLAIMS]);
        expect(callerOf({ ...CLAIMS, [name]: value }, expected).ok).toBe(false);
      }),
    );
  });

  it('never change who it is by what else they hold', () => {
    const others = fc.dictionary(fc.string(), fc.anything());
    fc.assert(
      fc.property(others, (more) => {
        const { nonce: _, scp: __, ...harmless } = more;
        const reading = callerOf({ ...harmless, ...CLAIMS }, expected);
        expect(reading).toMatchObject({ ok: true, caller: { objectId: PROGRAM.oid, roles: ['A'] } });
      }),
    );
  });

  it('are GUIDs in letters of any case', () => {
    const claims = { ...CLAIMS, oid: 'AAAAAAAA-AAAA-4AAA-8AAA-AAAAAAAAAAAA' };
    expect(callerOf(claims, expected)).toMatchObject({
      caller: { objectId: 'aaaaaaaa-aaaa-4aaa-8aaa-aaaaaaaaaaaa' },
    });
  });
});

it('reads whatever a header holds without an error, and believes no more of it than its form', () => {
  const json = fc.json().map((text) => Buffer.from(text).toString('base64url'));
  const header = fc.oneof(
    fc.string(),
    fc.tuple(json, json, json).map((parts) => `Bearer ${parts.join('.')}`),
  );
  fc.assert(fc.property(header, (text) => void expect(readBearer(text).ok).toBe(false)));
});

it('gives reasons that a challenge can carry', () => {
  // RFC 6750 §3: what error_description may hold.
  for (const { meaning } of Object.values(CALLER_REFUSALS))
    expect(meaning).toMatch(/^[\x20\x21\x23-\x5b\x5d-\x7e]+$/);
});
