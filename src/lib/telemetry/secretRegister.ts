import type { SecretOrigin } from './redact.ts';

/** Where whoever holds a secret value names it, so that it is removed from everything that leaves. */
export interface SecretRegister {
  /** @returns a function that forgets the value; one call undoes one registration. */
  registerSecret(value: string, origin?: SecretOrigin): () => void;
}
