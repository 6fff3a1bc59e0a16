import type { Readable } from 'node:stream';
import { isoSeconds } from '../lib/kernel/instant.ts';
import { printable } from '../lib/kernel/printable.ts';
import { UsageError } from '../lib/kernel/usageError.ts';
import { command } from './command.ts';
import { EXIT } from './exit.ts';

const HELP = `npm run secret -- --local FOLDER --vault VAULT --name NAME [--expires DATE] [--tag NAME=VALUE]…
                  [--keep-value] [--disable] < FILE

Writes a new version of a secret of the company of this machine, what az keyvault secret set does in Azure. The
value comes from standard input, never from an argument; a line break at its end is taken off.

  --local FOLDER    of the npm start that runs with the data in FOLDER
  --vault VAULT     its vault, by its name
  --name NAME       the secret
  --expires DATE    when it ends, like 2027-06-30 or 2027-06-30T12:00:00Z; absent: never
  --tag NAME=VALUE  may be repeated; a new version takes over none of the tags before
  --keep-value      write no new version, but change the newest one; nothing is read from standard input
  --disable         and switch it off

Exit code: 0 written, 2 not.`;

/** Reads the options of `keywatch secret` and writes a secret of the local company. */
export const secretCommand = command({
  help: HELP,
  options: {
    local: { type: 'string' },
    vault: { type: 'string' },
    name: { type: 'string' },
    expires: { type: 'string' },
    tag: { type: 'string', multiple: true },
    'keep-value': { type: 'boolean', default: false },
    disable: { type: 'boolean', default: false },
  },
  run: async (
    { local, vault, name, expires, tag, 'keep-value': keepsValue, disable },
    terminal,
    surroundings,
  ) => {
    if (local === undefined || vault === undefined || name === undefined)
      throw new UsageError('--local FOLDER, --vault VAULT and --name NAME: all three are needed');
    const expiresOnEpochMs = expires === undefined ? undefined : Date.parse(expires);
    if (Number.isNaN(expiresOnEpochMs))
      throw new UsageError(`--expires is "${printable(expires ?? '')}"; allowed is a date like 2027-06-30`);
    const value = keepsValue ? undefined : (await textOf(surroundings.input)).replace(/\r?\n$/, '');
    if (value === '') throw new UsageError('Nothing came from standard input: write … < FILE');
    const { writeLocalSecret } = await import('./local/localPlace.ts');
    const enabled = disable ? false : undefined;
    await writeLocalSecret(local, { vault, name, value, expiresOnEpochMs, tags: tagsOf(tag), enabled });
    const end = expiresOnEpochMs === undefined ? '' : `; it ends ${isoSeconds(expiresOnEpochMs)}`;
    terminal.print(`${vault}/${name}: ${keepsValue ? 'its newest version is changed' : 'written'}${end}.`);
    return EXIT.quiet;
  },
});

const tagsOf = (given: readonly string[] | undefined): Readonly<Record<string, string>> | undefined =>
  given &&
  Object.fromEntries(
    given.map((one) => {
      const [, name, value] = /^([^=]+)=(.*)$/.exec(one) ?? [];
      if (name === undefined || value === undefined)
        throw new UsageError(`--tag is "${printable(one)}"; it takes NAME=VALUE`);
      return [name, value];
    }),
  );

const textOf = async (input: Readable): Promise<string> => {
  let text = '';
  for await (const chunk of input.setEncoding('utf8')) text += chunk;
  return text;
};
