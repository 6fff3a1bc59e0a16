import type { LossCause } from './crashTable.ts';

const CRASH = 'crash between the answer and the first acknowledgement';
const LOST = 'the answer never arrived';
const UNREAD = 'the answer could not be read';
const RESTORED = 'the process ended, or the only copy was restored away';
const GAVE_UP = 'no store accepted anything until the worker gave up';

/**
 * The cells in which a grant can die, and of what: each is a case of the two-generals problem at the token
 * endpoint (it has no idempotency key), or of every store refusing. Every cell that is not here has no
 * loss at all. A cell that is here and loses nothing fails too: the list says what is, not what might be.
 */
export const UNAVOIDABLE: Readonly<Record<string, readonly LossCause[]>> = {
  'grace 30 s / all three down': [CRASH, GAVE_UP],
  'strict / none': [CRASH],
  'strict / answer lost': [LOST],
  'strict / proxy fails': [LOST],
  // The server is slower than its own window.
  'grace 30 s / answer late': [CRASH],
  'grace 30 s / answer too late': [LOST],
  'strict / answer late': [CRASH],
  'strict / answer too late': [LOST],
  'strict / odd answer': [CRASH],
  'strict / unreadable answer': [UNREAD],
  'strict / vault down': [CRASH],
  'strict / leased down': [CRASH],
  'strict / both down': [CRASH],
  'strict / all three down': [CRASH, GAVE_UP],
  // While its clock jumps it stands still for a minute, which is twice the window.
  'grace 30 s / clock 400 days ahead': [CRASH],
  'grace 30 s / clock 400 days back': [CRASH],
  'grace 30 s / clock 2 hours ahead': [CRASH],
  'strict / clock 400 days ahead': [CRASH],
  'strict / clock 400 days back': [CRASH],
  'strict / clock 2 hours ahead': [CRASH],
  // The machine slept through the window with the answer in hand, and ended then.
  'grace 30 s / suspended for 20 minutes': [CRASH],
  'strict / suspended for 20 minutes': [CRASH],
  'strict / a second deployment': [CRASH],
  'grace 30 s / vault restored': [RESTORED],
  'grace 10 min / vault restored': [RESTORED],
  'strict / vault restored': [RESTORED],
  'strict / control store restored': [RESTORED],
  'strict / a person writes a new token': [CRASH],
  'strict / a person writes a spent token': [CRASH],
  'strict / a person writes the same token': [CRASH],
};
