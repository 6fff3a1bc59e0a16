import { setImmediate as turn } from 'node:timers/promises';

/**
 * One whole turn of the event loop: a request that was made before it has left when it is over. Loading a file lets
 * nothing else run, and so nothing leave.
 */
export const wholeTurn = async (): Promise<void> => {
  await turn();
  await turn();
};
