import { describe, expect, it } from 'vitest';
import { receiverReport, receiversIn } from '../../../scripts/receiverStatus.ts';

const group = (members: object, name = 'ag-keywatch-urgent-abc') => ({ name, ...members });
const mail = (status?: string) => ({ name: 'on-call', emailAddress: 'a@contoso.example', status });

describe('the receivers of the action groups', () => {
  it.each([
    ['at the top of a group', group({ emailReceivers: [mail('Disabled')] })],
    ['in its properties', group({ properties: { emailReceivers: [mail('Disabled')] } })],
  ])('are read %s', (_, given) => {
    expect(receiversIn([given])).toEqual([
      { group: 'ag-keywatch-urgent-abc', name: 'on-call', kind: 'mail', status: 'Disabled' },
    ]);
  });

  it('are those of Keywatch only', () => {
    expect(receiversIn([group({ emailReceivers: [mail('Disabled')] }, 'ag-others')])).toEqual([]);
  });

  it.each([undefined, null, 'text', {}, [null], [1], [group({ emailReceivers: 'none' })]])(
    'are none in an answer such as %j',
    (answer) => {
      expect(receiversIn(answer)).toEqual([]);
    },
  );
});

describe('the report of receivers', () => {
  const reportOf = (...groups: object[]) => receiverReport(receiversIn(groups));

  it.each(['Disabled', 'NotSpecified', undefined])(
    'names who is not confirmed, and says what to do, of the state %s',
    (status) => {
      const { confirmed, words } = reportOf(
        group({ emailReceivers: [mail(status)], smsReceivers: [{ name: 'phone', status: 'Enabled' }] }),
      );
      expect(confirmed).toBe(false);
      expect(words).toMatch(/mail "on-call" in ag-keywatch-urgent-abc.*\n.*code/);
      expect(words).not.toContain('phone');
    },
  );

  it('names an SMS receiver that unsubscribed', () => {
    expect(reportOf(group({ smsReceivers: [{ name: 'phone', status: 'Disabled' }] })).words).toContain(
      'SMS "phone"',
    );
  });

  it('has nobody to name where all are enabled, or nobody confirms anything', () => {
    expect(reportOf(group({ emailReceivers: [mail('Enabled')] })).confirmed).toBe(true);
    expect(reportOf(group({ webhookReceivers: [{ name: 'pager' }] })).confirmed).toBe(true);
  });
});
