import { describe, expect, it } from 'vitest';
import { endAhead, endsAtDeath } from '../../../../src/lib/oauth/rules/deadMark.ts';
import { assessObject, type GrantObject, grantObjectKey } from '../../../../src/lib/scan/rules/assess.ts';
import { inDays, NOW_EPOCH_MS, OWNER, POLICY, secretMetadata } from '../../../fakes/metadata.ts';

const DEAD = { 'keywatch-state': 'dead', 'keywatch-seq': '7' };
const GRANT: GrantObject = {
  grantId: 'crm',
  owner: 'crm-team',
  runbook: 'https://wiki.example/crm',
  reconnectUrl: 'https://crm.example/connect',
  versionsPerRefresh: 2,
};
const withGrant = {
  ...POLICY,
  grantObjects: new Map([[grantObjectKey('secret', 'CRM-Token'), GRANT]]),
};

describe('the secret of a dead grant', () => {
  const dead = secretMetadata({ name: 'crm-token', tags: DEAD, expiresOnEpochMs: inDays(-2) });

  it('has expired, and its finding says which grant, since when and where to consent', () => {
    const { status, findings } = assessObject(dead, withGrant, NOW_EPOCH_MS);
    expect(status).toBe('expired');
    expect(findings).toEqual([
      {
        code: 'dead_grant',
        detail:
          'It holds the refresh token of grant crm, which is dead since 2026-11-20: consent again at https://crm.example/connect and write the new token into it.',
      },
    ]);
  });

  it.each([
    ['no grant of the config has it', undefined],
    ['it only proves the client of one', { ...GRANT, versionsPerRefresh: undefined }],
  ])('is none where %s: by its tag alone anybody could keep an end from paging', (_what, grant) => {
    const grantObjects = new Map(grant && [[grantObjectKey('secret', dead.name), grant]]);
    const { status, findings } = assessObject(dead, { ...POLICY, grantObjects }, NOW_EPOCH_MS);
    expect([status, findings]).toEqual(['expired', []]);
  });

  it('is none when a person wrote a new token with the tags of the old one and an end of its own', () => {
    const renewed = { ...dead, expiresOnEpochMs: inDays(200) };
    expect(assessObject(renewed, withGrant, NOW_EPOCH_MS)).toMatchObject({ status: 'valid', findings: [] });
  });
});

describe('an object that a grant of the config uses', () => {
  it('belongs to whom the grant names, in any spelling of its name, and a tag says otherwise', () => {
    const secret = secretMetadata({ name: 'crm-TOKEN' });
    const policy = { ...withGrant, owner: undefined };
    expect(assessObject(secret, policy, NOW_EPOCH_MS)).toMatchObject({
      owner: 'crm-team',
      runbook: 'https://wiki.example/crm',
      findings: [],
    });
    const tagged = { ...secret, tags: { 'keywatch-owner': 'night-shift' } };
    expect(assessObject(tagged, withGrant, NOW_EPOCH_MS).owner).toBe('night-shift');
    expect(assessObject({ ...secret, kind: 'key' }, withGrant, NOW_EPOCH_MS).owner).toBe(OWNER);
  });
});

describe('the end of a version', () => {
  it('is the deadline of its token only while it lies ahead', () => {
    expect(endAhead({ expiresOnEpochMs: NOW_EPOCH_MS + 1 }, NOW_EPOCH_MS)).toBe(NOW_EPOCH_MS + 1);
    expect(endAhead({ expiresOnEpochMs: NOW_EPOCH_MS }, NOW_EPOCH_MS)).toBeUndefined();
    expect(endAhead({ expiresOnEpochMs: undefined }, NOW_EPOCH_MS)).toBeUndefined();
  });

  it('is that of a death to the second, as Key Vault keeps it', () => {
    expect(endsAtDeath({ expiresOnEpochMs: NOW_EPOCH_MS }, NOW_EPOCH_MS + 999)).toBe(true);
    expect(endsAtDeath({ expiresOnEpochMs: NOW_EPOCH_MS }, NOW_EPOCH_MS + 1_000)).toBe(false);
    expect(endsAtDeath({ expiresOnEpochMs: undefined }, NOW_EPOCH_MS)).toBe(false);
  });
});
