import { expect, it } from 'vitest';
import { whatToTry } from '../../../src/cli/local/serve.ts';

it('prints commands that a shell takes as they are meant, wherever the data is', () => {
  const text = whatToTry("my data's").join('\n');
  expect(text).toContain(`--data 'my data'\\''s'`);
  expect(text).toContain(`node --env-file='my data'\\''s/programs/order-sync.env' samples/program.mjs`);
  expect(whatToTry('.keywatch').join('\n')).not.toContain('--data');
});
