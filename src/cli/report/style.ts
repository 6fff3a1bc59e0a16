import type { CredentialStatus } from '../../lib/scan/rules/credential.ts';

/** Paints text for a terminal; without colour it gives the text back. */
export type Paint = (text: string, colour: Colour) => string;
export type Colour = 'red' | 'yellow' | 'green' | 'grey' | 'bold';

const SGR: Readonly<Record<Colour, number>> = { red: 31, yellow: 33, green: 32, grey: 90, bold: 1 };

export const plain: Paint = (text) => text;
export const coloured: Paint = (text, colour) => `\u001b[${SGR[colour]}m${text}\u001b[0m`;

/** How each status is shown: the mark and the words carry the meaning, colour only repeats it. */
export const STATUS_STYLE: Readonly<
  Record<CredentialStatus, { mark: string; words: string; colour: Colour }>
> = {
  expired: { mark: '✗', words: 'expired', colour: 'red' },
  critical: { mark: '!', words: 'critical', colour: 'red' },
  warning: { mark: '▲', words: 'near expiry', colour: 'yellow' },
  no_expiry: { mark: '∞', words: 'no expiry', colour: 'yellow' },
  not_yet_valid: { mark: '…', words: 'not yet valid', colour: 'grey' },
  valid: { mark: '✓', words: 'valid', colour: 'green' },
  disabled: { mark: '-', words: 'disabled', colour: 'grey' },
};
