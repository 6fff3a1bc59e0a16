import type { Terminal } from '../lib/kernel/terminal.ts';
import { UsageError } from '../lib/kernel/usageError.ts';
import type { Refresher } from '../lib/refresh/refresher.ts';
import { EXIT } from './exit.ts';

export interface OpenUnreadOptions {
  readonly grantId: string | undefined;
  /** Creates a file that only this user may read. False: there is one of that name. */
  readonly createPrivateFile: (name: string, text: string) => boolean;
}

/**
 * Writes each answer of a grant that nobody could read into a file of its own. The terminal shows names alone:
 * a token that works may be inside.
 * @throws UsageError without a grant, or for one that Keywatch does not refresh
 */
export const openUnread = async (
  refresher: Pick<Refresher, 'openEvidence'>,
  terminal: Pick<Terminal, 'print' | 'note'>,
  { grantId, createPrivateFile }: OpenUnreadOptions,
): Promise<number> => {
  if (grantId === undefined) throw new UsageError('--unread: name the grant too, with --grant ID');
  const reading = await refresher.openEvidence(grantId);
  if (reading === undefined) throw new UsageError('--grant: Keywatch refreshes no grant of that name');
  if (!reading.ok) {
    terminal.note(`What came for grant ${grantId} cannot be opened: ${reading.message}`);
    return EXIT.failed;
  }
  const { answers, unopened } = reading;
  if (answers.length === 0) terminal.note(`No answer that could not be read is kept of grant ${grantId}.`);
  for (const { seq, text } of answers) {
    const name = `keywatch-unread-${grantId}-${seq}.json`;
    const isNew = createPrivateFile(name, text);
    terminal.print(
      isNew
        ? `${name}: may hold a token that works. Write that into the secret, and delete the file.`
        : `${name}: exists already, and is left as it is.`,
    );
  }
  if (unopened > 0)
    terminal.note(`${unopened} more do not open: somebody else put them there, or their key is gone.`);
  return answers.length + unopened === 0 ? EXIT.quiet : EXIT.attention;
};
