import { TAGS } from '../../lib/credentials/tagNames.ts';
import { counted } from '../../lib/kernel/humanTime.ts';
import { isoDate } from '../../lib/kernel/instant.ts';
import type { Terminal } from '../../lib/kernel/terminal.ts';
import type { LocalClock } from '../../local/clock.ts';
import type { LocalApp } from '../../local/localApp.ts';
import type { SeededObject } from '../../local/seed/seededObject.ts';
import { EXIT } from '../exit.ts';
import { connectLocally } from './connectLocally.ts';
import { endOnSignal } from './endOnSignal.ts';
import { runFirstTime } from './firstRun.ts';
import { serveUntilStopped } from './serve.ts';
import { type StartOptions, startApp } from './startApp.ts';

/** Runs everything of Keywatch on this machine, with stand-ins for Azure. Gives the exit code. */
export const start = async (options: StartOptions, terminal: Terminal): Promise<number> => {
  const { app, clock, failures } = await startApp(
    { ...options, port: options.once ? undefined : options.port },
    terminal,
  );
  const { once } = options;
  let isAskedToStop = false;
  const ended = endOnSignal(() => {
    isAskedToStop = true;
    terminal.note('stopping: what is running is waited for, up to 30 s (once more to stop at once) …');
  });
  try {
    describeStandIns(app, options, clock).forEach(terminal.print);
    terminal.print('');
    const run = await Promise.race([
      runFirstTime(app, clock, terminal, { failures, all: options.all }),
      ended,
    ]);
    if (run === 'signal') return EXIT.quiet;
    if (once) return run.ok ? EXIT.quiet : EXIT.failed;
    const connecting = connectLocally(options.connect, { clock, terminal, ended });
    const { alerts } = run;
    await serveUntilStopped(app, { port: options.port, clock, terminal, alerts, ended });
    await connecting;
    return EXIT.quiet;
  } finally {
    await app.close();
    // npm gives the prompt back at once: only this line says when the data folder is free again.
    if (isAskedToStop) terminal.note('Keywatch has stopped.');
  }
};

const describeStandIns = (app: LocalApp, { once, days }: StartOptions, clock: LocalClock): string[] => {
  const { vaults, directory, ignoredSettings } = app;
  const { company, standIn } = vaults;
  const held = company.reduce((sum, { name }) => sum + standIn.vault(name).seed.count(), directory.held);
  const ignored = company.flatMap((vault) => vault.objects).filter(isIgnored).length;
  const { objects, found } = vaults.certificates;
  const taken =
    found === 0
      ? 'this machine shows no certificate authorities, so none of its certificates are among them'
      : `${objects.length} are certificates of this machine's own trust store (of ${found}), the soonest to end`;
  return [
    `Keywatch on this machine, without Azure${once ? ': one run' : ''}.`,
    ...vaults.standIn.vaults.map(({ name, url }) => `  vault      ${name.padEnd(24)} ${url}`),
    `  directory  ${'contoso-entra'.padEnd(24)} ${directory.standIn.url}`,
    `  storage    ${'Azurite (blobs, queues)'.padEnd(24)} ${new URL(app.azurite.queueServiceUrl).origin} (queues)`,
    '  telemetry  the real SDK into DuckDB in this process; the deployed alert queries run over it',
    vaults.seeded === 0
      ? '  company    as it was left last time'
      : `  company    ${counted(held, 'object')} of Contoso, ${ignored} of which a tag says to ignore; ${taken}`,
    ...(days > 0 ? [`  time       ${isoDate(clock.nowEpochMs())}, ${counted(days, 'day')} ahead`] : []),
    ...(ignoredSettings.length === 0
      ? []
      : [`  ignored    ${ignoredSettings.join(', ')}: local mode uses stand-ins only`]),
  ];
};

const isIgnored = ({ tags }: SeededObject): boolean => tags?.[TAGS.ignore] === 'true';
