import { generateKeyPairSync } from 'node:crypto';

const newPair = () => generateKeyPairSync('rsa', { modulusLength: 2048 });
const made = new Map<number, ReturnType<typeof newPair>>();

/** A key pair that tests share, because making one takes a tenth of a second; another number is another pair. */
export const rsaPair = (number = 0): ReturnType<typeof newPair> => {
  const pair = made.get(number) ?? newPair();
  made.set(number, pair);
  return pair;
};
