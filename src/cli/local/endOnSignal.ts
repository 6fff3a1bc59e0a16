import { EXIT } from '../exit.ts';

/** Resolves at the first signal to stop; the second one ends the process at once. */
export const endOnSignal = (onFirst: () => void): Promise<'signal'> =>
  new Promise((resolve) => {
    let signals = 0;
    const onSignal = () => {
      signals += 1;
      if (signals > 1) process.exit(EXIT.failed);
      onFirst();
      resolve('signal');
    };
    process.on('SIGINT', onSignal);
    process.on('SIGTERM', onSignal);
  });
