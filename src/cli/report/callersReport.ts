import { SIGN_IN_CALLBACK } from '../../lib/callers/rules/returnPath.ts';
import type { Config } from '../../lib/config/config.ts';
import { reconnectCallbackPath } from '../../lib/connect/rules/reconnectPath.ts';
import { counted } from '../../lib/kernel/humanTime.ts';
import { keysOf } from '../../lib/kernel/keysOf.ts';
import type { Paint } from './style.ts';

/** What signing in takes besides callers, with what is said where it is missing. */
const SIGN_IN_NEEDS = {
  publicUrl:
    'KEYWATCH_PUBLIC_URL is missing: nobody can sign in with a browser, and alerts have no link to reconnect.',
  blobServiceUrl:
    'KEYWATCH_BLOB_SERVICE_URL is missing: nobody can sign in with a browser, since sessions are kept there.',
} as const;

/** Providers of the config that a person can be sent to for a consent. */
const connectableProviders = ({ grants }: Pick<Config, 'grants'>): readonly string[] => [
  ...new Set(
    grants.flatMap(({ grant, profile }) =>
      grant.mode === 'refreshed' && profile.authorization !== undefined ? [grant.provider] : [],
    ),
  ),
];

/**
 * Who may call the app, and what is missing for it.
 * @param mayReadKeys whether the signing keys of the tenant can be read from here
 */
export const callersReport = (
  config: Pick<Config, 'callers' | 'grants' | keyof typeof SIGN_IN_NEEDS>,
  mayReadKeys: boolean,
  paint: Paint,
): string[] => {
  const missing = (text: string): string => `${paint('▲', 'yellow')} ${text}`;
  const { callers, publicUrl } = config;
  if (callers === undefined)
    return [
      '',
      `${paint('·', 'grey')} Nobody may call the app: every address but its health check answers 401, until "callers" names an app registration (docs/callers.md).`,
    ];
  const { tenantId, clientId, roles } = callers;
  const lacking = keysOf(SIGN_IN_NEEDS).filter((need) => config[need] === undefined);
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
    ...(lacking.length === 0
      ? [
          `${paint('✓', 'green')} People sign in with a browser; the registration has to have the redirect address ${publicUrl}${SIGN_IN_CALLBACK}.`,
          ...connectableProviders(config).map(
            (provider) =>
              `${paint('✓', 'green')} Grants of ${provider} are connected anew on a page of the app; their clients have to have the redirect address ${publicUrl}${reconnectCallbackPath(provider)}.`,
          ),
        ]
      : lacking.map((need) => missing(SIGN_IN_NEEDS[need]))),
  ];
};
