import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { receiverReport, receiversIn } from './receiverStatus.ts';

const [group = ''] = process.argv.slice(2);
const USAGE =
  'Usage: npm run receivers -- GROUP\nGROUP is the resource group of the deployment. Exit code 1: somebody is not confirmed.';
if (['--help', '-h'].includes(group)) {
  console.log(USAGE);
  process.exit(0);
}
if (!/^[\p{L}\p{N}_().-]{1,90}$/u.test(group)) {
  console.error(`${USAGE}\nGROUP: "${group}" is no name of a resource group.`);
  process.exit(2);
}

const windows = process.platform === 'win32';
try {
  const { stdout } = await promisify(execFile)(
    windows ? 'az.cmd' : 'az',
    ['monitor', 'action-group', 'list', '--resource-group', group, '--output', 'json'],
    // A .cmd file runs in a shell only; the name of the group was checked above.
    { shell: windows, timeout: 120_000, maxBuffer: 32 * 1024 * 1024 },
  );
  const { confirmed, words } = receiverReport(receiversIn(JSON.parse(stdout)));
  console.log(words);
  process.exitCode = confirmed ? 0 : 1;
} catch (error) {
  const isMissing = (error as NodeJS.ErrnoException).code === 'ENOENT';
  const why = isMissing ? 'az is not installed here' : String((error as Error).message).split('\n')[0];
  console.error(
    `Whether the receivers are confirmed could not be asked (${why}).\n` +
      'With the Azure CLI and its login: npm run receivers -- GROUP. In the portal: Monitor, Alerts, Action groups.',
  );
  process.exitCode = 2;
}
