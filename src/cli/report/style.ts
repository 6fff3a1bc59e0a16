import { styleText } from 'node:util';
import { CREDENTIAL_STATUSES, type CredentialStatus } from '../../lib/credentials/statuses.ts';
import { wordsOf } from '../../lib/kernel/wordsOf.ts';

/** Paints text for a terminal; without colour it gives the text back. */
export type Paint = (text: string, colour: Colour) => string;
export type Colour = 'red' | 'yellow' | 'green' | 'grey' | 'bold';

export const plain: Paint = (text) => text;
/** Whether there is colour is decided by the terminal that was asked for: this does not ask the environment again. */
export const coloured: Paint = (text, colour) => styleText(colour, text, { validateStream: false });

const COLOURS = { error: 'red', warning: 'yellow', ok: 'green', none: 'grey' } as const;

/** How a status is shown: the mark and the words carry the meaning, colour only repeats it. */
export const statusStyle = (
  status: CredentialStatus,
): { readonly mark: string; readonly words: string; readonly colour: Colour } => {
  const { mark, severity } = CREDENTIAL_STATUSES[status];
  return { mark, words: wordsOf(status), colour: COLOURS[severity] };
};
