import type { Config } from '../../lib/config/config.ts';
import { counted } from '../../lib/kernel/humanTime.ts';
import type { Paint } from './style.ts';

/**
 * Who may call the app, and what is missing for it.
 * @param mayReadKeys whether the signing keys of the tenant can be read from here
 */
export const callersReport = (
  { callers, publicUrl }: Pick<Config, 'callers' | 'publicUrl'>,
  mayReadKeys: boolean,
  paint: Paint,
): string[] => {
  const missing = (text: string): string => `${paint('▲', 'yellow')} ${text}`;
  if (callers === undefined)
    return [
      '',
      `${paint('·', 'grey')} Nobody may call the app: every address but its health check answers 401, until "callers" names an app registration (docs/callers.md).`,
    ];
  const { tenantId, clientId, roles } = callers;
  const listed = [...roles].filter(([, ids]) => ids.size > 0);
  const named = listed.map(([role, ids]) => `${role} (${counted(ids.size, 'caller')})`).join(', ');
  const byConfig = named === '' ? '' : `, and by the config ${named}`;
  return [
    '',
    `${paint('✓', 'green')} Callers are people and programs of the tenant ${tenantId} with app roles of ${clientId}${byConfig}.`,
    mayReadKeys
      ? `${paint('✓', 'green')} The signing keys of that tenant can be read.`
      : missing(
          'The signing keys of that tenant cannot be read from here: nobody would be let in. Compare callers.tenantId, and see whether login.microsoftonline.com can be reached.',
        ),
    ...(publicUrl === undefined
      ? [
          missing(
            'KEYWATCH_PUBLIC_URL is missing: nobody can sign in with a browser, and alerts have no link to reconnect.',
          ),
        ]
      : []),
  ];
};
