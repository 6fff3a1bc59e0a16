import { join, relative } from 'node:path';
import { isoSeconds } from '../../lib/kernel/instant.ts';
import { pathOf } from '../../lib/web/rules/routes.ts';
import type { LocalClock } from '../../local/clock.ts';
import { startControl } from '../../local/control.ts';
import { EVENT_GRID_PATH } from '../../local/functionsHost/eventGridWebhook.ts';
import { LIMITS_IN_WORDS } from '../../local/functionsHost/functionsHost.ts';
import type { LocalApp } from '../../local/localApp.ts';
import { people, programs, SHARED_GRANT } from '../../local/seed/people.ts';
import { shellWord } from '../../local/shellWord.ts';
import { ordersOf } from './orders.ts';
import { DEFAULT_FOLDER } from './startApp.ts';
import { type AlertWatch, watchAlerts } from './watchAlerts.ts';

export interface ServeOptions extends AlertWatch {
  readonly port: number;
  readonly clock: LocalClock;
  /** Resolves when it is time to stop. */
  readonly ended: Promise<unknown>;
}

/** Serves HTTP, fires timers on schedule and tells which alerts begin and end, until it is told to stop. */
export const serveUntilStopped = async (app: LocalApp, options: ServeOptions): Promise<void> => {
  const { port, terminal, ended } = options;
  const { url } = app;
  if (new URL(url).port !== String(port) && port !== 0)
    terminal.print(
      `Port ${port} is taken, by another Keywatch perhaps; npm start -- --port N names another.`,
    );
  terminal.print('');
  describeServices(app, url).forEach(terminal.print);
  app.host.startTriggers();
  const closeControl = await startControl(app.folder.path, ordersOf(app, options.clock));
  const stopping = new AbortController();
  const watching = watchAlerts(app.telemetry, options, stopping.signal);
  await ended;
  stopping.abort();
  await Promise.all([watching, closeControl()]);
};

const describeServices = ({ host, folder }: LocalApp, url: string): string[] => [
  'Running until Ctrl+C:',
  `  board      ${url}${pathOf('board')} (sign in as ${people.map(({ name }) => `"${name}"`).join(' or ')}; not in Safari)`,
  ...host.routes.map(({ template, methods }) => `  ${methods.join(', ').padEnd(10)} ${url}${template}`),
  ...host.eventGridFunctions.map((name) => `  events     POST ${url}${EVENT_GRID_PATH}?functionName=${name}`),
  ...host.timers.map(
    ({ functionName, schedule, nextEpochMs }) =>
      `  timer      ${functionName} "${schedule.expression}", next ${isoSeconds(nextEpochMs() ?? 0)}`,
  ),
  ...host.queues.map(({ functionName, queueName }) => `  queue      ${queueName} → ${functionName}`),
  `  data       ${folder.path} (delete it to begin anew)`,
  '',
  ...LIMITS_IN_WORDS,
  '',
  'In another terminal:',
  ...whatToTry(relative('', folder.path)),
];

/** Commands to be copied, for the data in this folder. */
export const whatToTry = (folder: string): string[] => {
  const data = folder === DEFAULT_FOLDER ? '' : ` --data ${shellWord(folder)}`;
  const run = (program: string) =>
    `node --env-file=${shellWord(join(folder, 'programs', `${program}.env`))} samples/program.mjs`;
  return [
    `  npm start -- --break ${SHARED_GRANT}${data}`,
    '             ends this grant as an administrator of its provider would; the link of its alert here mends it',
    ...programs.map(
      ({ name, roles }) =>
        `  ${run(name)}\n             asks for its access token as a program that may ${roles.length > 0 ? '' : 'not '}have it`,
    ),
  ];
};
