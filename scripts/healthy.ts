import { setTimeout as wait } from 'node:timers/promises';
import { pathOf } from '../src/lib/web/rules/routes.ts';
import { whyNoAppAddress } from './appAddress.ts';
import { askHealth, watchesInWords } from './askHealth.ts';
import { askProtected, protectedInWords } from './askProtected.ts';

const [url = ''] = process.argv.slice(2);
const USAGE =
  'Usage: npm run healthy -- ADDRESS\nADDRESS is that of the deployed app, the output KEYWATCH_URL of the deployment.';
if (['--help', '-h'].includes(url)) {
  console.log(USAGE);
  process.exit(0);
}
const problem = whyNoAppAddress(url);
if (problem !== undefined) {
  console.error(`${USAGE}\nThe address: ${problem}.`);
  process.exit(2);
}

console.log(`Asking ${new URL(pathOf('health'), url)}, which also wakes the app: its first start scans.`);
const asking = { url, waitMs: 15_000, timeoutMs: 30_000, wait, tell: (words: string) => console.log(words) };
const answer = await askHealth({ ...asking, attempts: 20 });
if (answer.healthy) {
  console.log('The app is healthy.');
  if (answer.watches !== undefined) console.log(watchesInWords(answer.watches));
  console.log('In a minute or two its first scan is in Application Insights.');
  const closed = await askProtected({ ...asking, attempts: 8 });
  if (closed.closed) console.log(protectedInWords(closed));
  else {
    console.error(protectedInWords(closed));
    process.exitCode = 1;
  }
} else if (answer.reason === 'unhealthy') {
  console.error(
    'The app runs, but it is not configured to work, and it does nothing until it is. What is wrong with its\n' +
      'configuration is in the log of the function "health": in the portal the app, Functions, health, Invocations.\n' +
      'Correct the setting or keywatch.config.json, try it with "npm run check", and deploy again.',
  );
  process.exitCode = 1;
} else {
  console.error(
    `The app did not answer: ${answer.last}.\n` +
      'See whether its functions are listed (the app in the portal, Functions): if not, deploy the package again\n' +
      '("azd deploy"). If they are, see Diagnose and solve problems; a host that may not open its own storage\n' +
      'stops at its start, and a role that was just assigned may take some minutes: ask again with\n' +
      `"npm run healthy -- ${url}".`,
  );
  process.exitCode = 1;
}
