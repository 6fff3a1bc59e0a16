import { expect, it } from 'vitest';
import { secretCommand } from '../../../src/cli/secret.ts';

const NAMED = ['--local', '/nowhere', '--vault', 'kv-contoso', '--name', 'key', '--keep-value'];

it.each([
  [['--vault', 'kv-contoso'], '--local FOLDER, --vault VAULT and --name NAME: all three are needed'],
  [[...NAMED, '--expires', 'soon'], '--expires is "soon"; allowed is a date like 2027-06-30'],
  [[...NAMED, '--tag', 'owner'], '--tag is "owner"; it takes NAME=VALUE'],
  [NAMED, 'No Keywatch runs with the data in /nowhere'],
])('refuses %j', async (args, words) => {
  await expect(secretCommand(args)).rejects.toThrow(words);
});
