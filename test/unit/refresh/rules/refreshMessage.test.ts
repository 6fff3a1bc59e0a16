import { describe, expect, it } from 'vitest';
import { readRefreshMessage } from '../../../../src/lib/refresh/rules/refreshMessage.ts';

describe('a message of the refresh queue', () => {
  it.each(['due', 'watchdog', 'reconcile', 'manual'])('may be triggered by %s', (trigger) => {
    const message = { grantId: 'crm', trigger, reason: 'for people' };
    expect(readRefreshMessage(message)).toEqual({ grantId: 'crm', trigger });
  });

  it.each([
    ['nothing', undefined, 'grantId'],
    ['null', null, 'grantId'],
    ['a text', 'crm', 'grantId'],
    ['an empty id', { grantId: '', trigger: 'due' }, 'grantId'],
    ['an id that is no text', { grantId: 7, trigger: 'due' }, 'grantId'],
    ['no trigger', { grantId: 'crm' }, 'trigger'],
    ['a trigger of another kind', { grantId: 'crm', trigger: 'toString' }, 'trigger'],
  ])('that is %s is refused by the name of what is wrong', (_what, message, member) => {
    expect(() => readRefreshMessage(message)).toThrow(`refresh message: ${member}`);
  });
});
