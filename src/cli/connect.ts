import { connect } from '../lib/app/connections.ts';
import { connectorOf } from '../lib/app/connectorOf.ts';
import type { Connection, ConnectRequest } from '../lib/connect/connector.ts';
import { printableAddress } from '../lib/kernel/printable.ts';
import { lineReader, type Terminal } from '../lib/kernel/terminal.ts';
import { UsageError } from '../lib/kernel/usageError.ts';
import type { ConfiguredGrant } from '../lib/oauth/rules/grant.ts';
import { wholeNumber } from './arguments.ts';
import { command } from './command.ts';
import { EXIT } from './exit.ts';
import { configuredGrant, grantOption } from './grantOption.ts';
import { LOCAL_OPTION, localHelp, placeOf } from './place.ts';
import { outcomeLines } from './report/refreshReport.ts';
import { coloured, plain } from './report/style.ts';
import { stopOnSignal } from './stopOnSignal.ts';
import { configFor, fileOption } from './vaultOption.ts';

/** Beside that of local mode. Fixed, because many providers compare the port of a redirect address. */
export const CONNECT_PORT = 7072;

const HELP = `npm run connect -- --grant ID [--replace] [--other-account] [--port NUMBER | --redirect URL]
               [--config FILE] [--local FOLDER]

Gets a refresh token by a person's consent: prints a link to open in a browser of this machine, and writes
what comes of it into the vault, as a refresh does. For the first connection and for a dead grant; with your
own Azure login.

  --grant ID        this grant of keywatch.config.json (also as alerts name it, grant/ID)
  --replace         also where the grant is not known to be dead
  --other-account   the consent may be another account's than the one before
  --port NUMBER     of the redirect address, http://127.0.0.1:NUMBER/callback/PROVIDER; ${CONNECT_PORT} when absent
  --redirect URL    for a provider that takes https alone: the address that is registered there. Nothing has to
                    answer at it: copy the address at which the browser ends into the terminal
  --config FILE     the config file; keywatch.config.json when absent
${localHelp(20)}

Exit code: 0 connected, 1 nothing was changed, or the new token is not where it belongs yet, 2 the
configuration is at fault.`;

const redirectOf = (given: string): string => {
  const url = URL.canParse(given) ? new URL(given) : undefined;
  if (url?.protocol === 'https:' && !/[?#@]/.test(given)) return given;
  throw new UsageError(
    `--redirect: "${printableAddress(given)}" is no https address without query, fragment and user name`,
  );
};

export const connectCommand = command({
  help: HELP,
  options: {
    grant: { type: 'string' },
    replace: { type: 'boolean', default: false },
    'other-account': { type: 'boolean', default: false },
    port: { type: 'string', default: String(CONNECT_PORT) },
    redirect: { type: 'string' },
    config: { type: 'string' },
    ...LOCAL_OPTION,
  },
  run: async (options, terminal, surroundings) => {
    const port = wholeNumber('--port', options.port, 0, 65_535);
    const redirectUri = options.redirect === undefined ? undefined : redirectOf(options.redirect);
    const place = await placeOf(options.local);
    const config = await configFor([], fileOption(options.config));
    const configured = configuredGrant(config.grants, grantOption(options.grant));
    const say = (sentence: string): void => terminal.note(sentence);
    const pasted =
      redirectUri === undefined ? undefined : { redirectUri, read: lineReader(surroundings.input), say };
    const connections = connect(config, await place.platform(config));
    const connector = connectorOf(config, connections, pasted);
    return runConnect(configured, connector, terminal, {
      port,
      replace: options.replace,
      isOtherAccountMeant: options['other-account'],
      stop: stopOnSignal(terminal, surroundings.signals),
      nowEpochMs: place.nowEpochMs(),
    });
  },
});

export const runConnect = async (
  { grant, profile }: ConfiguredGrant,
  connector: (request: ConnectRequest) => Promise<Connection>,
  terminal: Terminal,
  {
    nowEpochMs,
    ...asked
  }: Pick<ConnectRequest, 'port' | 'replace' | 'isOtherAccountMeant' | 'stop'> & {
    readonly nowEpochMs: number;
  },
): Promise<number> => {
  terminal.progress(`looking at ${grant.id} …`);
  const { outcome, fields } = await connector({
    ...asked,
    grant,
    profile,
    show(link, redirectUri) {
      terminal.progress('');
      terminal.print(
        `Open this in a browser${redirectUri.startsWith('https:') ? '' : ' of this machine'}, and sign in to ${profile.displayName} as the account that owns ${grant.id}:`,
      );
      terminal.print(`  ${link}`);
      terminal.note(`The client has to have this redirect address: ${redirectUri}`);
      if (redirectUri.startsWith('https:'))
        terminal.note('Then copy the address at which the browser ends, paste it here and press Enter.');
      terminal.progress('waiting for the consent, ten minutes at most …');
    },
  });
  terminal.progress('');
  if (outcome.kind === 'not_connected') {
    terminal.note(`${outcome.failure.message} ${outcome.failure.action}`);
    return EXIT.attention;
  }
  const paint = terminal.hasColour ? coloured : plain;
  outcomeLines(grant.id, outcome, nowEpochMs, paint).forEach(terminal.print);
  if (outcome.kind === 'not_stored')
    terminal.note(
      `See whether npm run refresh -- --grant ${grant.id} brings it into the vault; if not, run this command again.`,
    );
  for (const [name, value] of Object.entries(fields)) terminal.print(`  ${name}: ${value}`);
  return outcome.kind === 'refreshed' ? EXIT.quiet : EXIT.attention;
};
