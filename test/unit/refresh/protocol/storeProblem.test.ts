import { describe, expect, it } from 'vitest';
import type { StoreFailure } from '../../../../src/lib/kernel/storeFailure.ts';
import { storeProblem } from '../../../../src/lib/refresh/protocol/storeProblem.ts';

const failure: StoreFailure = {
  ok: false,
  store: 'client_credential',
  code: 'key_expired',
  permanence: 'permanent',
  detail: 'Could not sign with key client in front-desk: it ended.',
  mayHaveLanded: false,
};

describe('the failure of a store, told of a grant', () => {
  it('says what the store itself knows to do, and otherwise what its code means', () => {
    const ofCode = storeProblem({ id: 'crm' }, failure);
    expect(ofCode).toMatchObject({
      code: 'client_credential_key_expired',
      permanence: 'permanent',
      detail: 'Grant crm: Could not sign with key client in front-desk: it ended.',
    });
    expect(ofCode.action).not.toBe('');
    expect(storeProblem({ id: 'crm' }, { ...failure, action: 'Move the end.' }).action).toBe('Move the end.');
  });
});
