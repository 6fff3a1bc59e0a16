import type { SecretRegister } from '../../src/lib/telemetry/secretRegister.ts';

/** A register of secrets that can be asked what it holds, and what it ever held. */
export const fakeSecretRegister = () => {
  const held = new Set<string>();
  const everHeld = new Set<string>();
  const secrets: SecretRegister = {
    registerSecret(value) {
      held.add(value);
      everHeld.add(value);
      return () => held.delete(value);
    },
  };
  return { secrets, held, everHeld };
};
