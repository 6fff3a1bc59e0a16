import { connect } from '../lib/app/connections.ts';
import { proverOf } from '../lib/app/proverOf.ts';
import { humanDuration } from '../lib/kernel/humanDuration.ts';
import { nearestName } from '../lib/kernel/nearestName.ts';
import { printable } from '../lib/kernel/printable.ts';
import type { Terminal } from '../lib/kernel/terminal.ts';
import { UsageError } from '../lib/kernel/usageError.ts';
import type { ConfiguredClient } from '../lib/prove/configuredClient.ts';
import type { Prover } from '../lib/prove/prover.ts';
import { command } from './command.ts';
import { EXIT } from './exit.ts';
import { LOCAL_OPTION, localHelp, placeOf } from './place.ts';
import { jsonText } from './report/machineReadable.ts';
import { proofEntry, proofLines } from './report/proofReport.ts';
import { coloured, plain } from './report/style.ts';
import { configFor, fileOption } from './vaultOption.ts';

const HELP = `npm run prove -- --client ID | --all [--json] [--config FILE] [--local FOLDER]

Proves the clients of keywatch.config.json by using them, with your own Azure login, and shows every step:
reads the credential, gets a token, compares what it grants with what is expected, calls the resource
without it (which has to fail) and with it. It changes nothing; what came of it is reported as a run of
the timer does.

  --client ID    this client (also as alerts name it, client/ID); may be repeated
  --all          every client
  --json         one JSON document instead of lines for people
  --config FILE  the config file; keywatch.config.json when absent
${localHelp(17)}

Exit code: 0 all are proven, 1 one needs somebody, 2 the configuration is at fault, or something that
passes kept one from being proven.`;

export const proveCommand = command({
  help: HELP,
  options: {
    client: { type: 'string', multiple: true },
    all: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
    config: { type: 'string' },
    ...LOCAL_OPTION,
  },
  run: async ({ client = [], all, json, config: file, local }, terminal) => {
    const place = await placeOf(local);
    const config = await configFor([], fileOption(file), { refreshes: false });
    const ids = client.map((given) => given.replace(/^client\//, ''));
    if (all === ids.length > 0) throw new UsageError('--client ID or --all: one of the two');
    const prover = await proverOf(config, connect(config, await place.platform(config)));
    return runProve(config.clients, prover, terminal, { ids: all ? undefined : ids, isJson: json });
  },
});

export interface ProveOptions {
  /** Absent: every client. */
  readonly ids: readonly string[] | undefined;
  readonly isJson: boolean;
}

/**
 * Proves clients by hand, one after the other.
 * @throws UsageError for a client that the configuration does not name
 */
export const runProve = async (
  clients: readonly ConfiguredClient[],
  prover: Pick<Prover, 'prove'>,
  terminal: Terminal,
  { ids, isJson }: ProveOptions,
): Promise<number> => {
  const known = clients.map(({ id }) => id);
  if (known.length === 0) {
    terminal.note('The configuration names no client. See "clients" in docs/configuration.md.');
    return EXIT.failed;
  }
  for (const id of ids ?? []) if (!known.includes(id)) throw unknownClient(id, known);
  const paint = terminal.hasColour ? coloured : plain;
  const entries: object[] = [];
  let exitCode: number = EXIT.quiet;
  for (const client of clients.filter(({ id }) => ids?.includes(id) ?? true)) {
    terminal.progress(`proving ${client.id} …`);
    const proof = await prover.prove(client.id, ({ why, ms }) =>
      terminal.progress(`${client.id}: ${why}; again in ${humanDuration(ms)} …`),
    );
    if (proof === undefined) continue;
    if (isJson) entries.push(proofEntry(client, proof));
    else proofLines(client, proof, paint).forEach(terminal.print);
    if (proof.failure !== undefined)
      exitCode = Math.max(exitCode, proof.failure.retryable ? EXIT.failed : EXIT.attention);
  }
  terminal.progress('');
  if (isJson) terminal.print(jsonText({ clients: entries }));
  return exitCode;
};

const unknownClient = (id: string, known: readonly string[]): UsageError => {
  const near = nearestName(id, known);
  const hint = near === undefined ? `there are ${known.join(', ')}` : `did you mean ${near}?`;
  return new UsageError(`--client: there is no client "${printable(id)}"; ${hint}`);
};
