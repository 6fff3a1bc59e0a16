/** Somebody who is told of alerts, and what Azure says of them: `Enabled`, `Disabled` or `NotSpecified`. */
export interface Receiver {
  group: string;
  name: string;
  kind: 'mail' | 'SMS';
  status: string;
}

const KINDS = { emailReceivers: 'mail', smsReceivers: 'SMS' } as const;

const asObject = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
const asList = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);

/**
 * The receivers that have a state of their own, of the action groups that Keywatch's template makes.
 *
 * @param answer what `az monitor action-group list` prints, with or without `properties` around a group's members.
 */
export const receiversIn = (answer: unknown): Receiver[] =>
  asList(answer).flatMap((item) => {
    const group = asObject(item);
    const name = String(group['name'] ?? '');
    if (!name.startsWith('ag-keywatch-')) return [];
    const members = { ...asObject(group['properties']), ...group };
    return Object.entries(KINDS).flatMap(([list, kind]) =>
      asList(members[list]).map((each) => {
        const receiver = asObject(each);
        return {
          group: name,
          name: String(receiver['name'] ?? ''),
          kind,
          status: String(receiver['status'] ?? 'NotSpecified'),
        };
      }),
    );
  });

/** What to say of them, and whether everybody is confirmed. */
export const receiverReport = (receivers: readonly Receiver[]): { confirmed: boolean; words: string } => {
  const missing = receivers.filter(({ status }) => status !== 'Enabled');
  if (receivers.length === 0)
    return {
      confirmed: true,
      words:
        'No address or number is told by an action group of Keywatch: webhooks and the like confirm nothing.',
    };
  if (missing.length === 0)
    return {
      confirmed: true,
      words: `All ${receivers.length} addresses and numbers are enabled. Send them a test: the action group in the portal, Test.`,
    };
  const lines = missing.map(
    ({ group, kind, name, status }) =>
      `  ${kind} "${name}" in ${group}: ${status === '' ? 'no state' : status}`,
  );
  return {
    confirmed: false,
    words: [
      'NOT CONFIRMED, so perhaps told of nothing:',
      ...lines,
      'A new address gets a mail with a code that has to be entered within 30 minutes of the deployment; a number can be',
      'unsubscribed by its owner. Open the action group in the portal, save the receiver again for a new code, and Test it.',
    ].join('\n'),
  };
};
