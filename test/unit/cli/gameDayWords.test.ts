import { expect, it } from 'vitest';
import { stepLines } from '../../../src/cli/local/gameDayWords.ts';

const FOLDER = "/tmp/it's here";
const QUOTED = "'/tmp/it'\\''s here'";

it('prints a command that a shell takes as it is meant, with the secret as its input', () => {
  const step = { says: 'Write it', run: ['secret', '--name', 'a-b'], input: `${FOLDER}/new` } as const;
  expect(stepLines(step, 1, FOLDER)).toEqual([
    '  1. Write it:',
    `     npm run secret -- --local ${QUOTED} --name a-b < '/tmp/it'\\''s here/new'`,
  ]);
});

it('says what others do in Azure, and what does it here', () => {
  const step = { says: 'Restart it', inAzure: 'az functionapp restart', act: () => undefined };
  expect(stepLines(step, 2, '/tmp/k')).toEqual([
    '  2. Restart it:',
    '     in Azure  az functionapp restart',
    '     here      npm start -- --outside 2 --data /tmp/k',
  ]);
  expect(stepLines({ says: 'Wait', minutes: 20 }, 3, '/tmp/k').at(-1)).toContain('--ahead 20');
});
