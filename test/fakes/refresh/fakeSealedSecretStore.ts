import type { SealedSecretStore } from '../../../src/lib/refresh/ports.ts';
import { hasMovedOn, newestOf, type SealedSecret } from '../../../src/lib/refresh/rules/sealedSecret.ts';
import { failure, type PortCall, portOf } from './fakeControlStore.ts';
import { contentOf } from './fakeTokenSeal.ts';

/** The document of one grant in the fallback account. */
export interface SealedSecretState {
  body: string | undefined;
  etag: number;
  down: boolean;
  /** The next write lands, and its acknowledgement is lost. */
  loseAcknowledgement: boolean;
}

export const newSealedSecretState = (): SealedSecretState => ({
  body: undefined,
  etag: 0,
  down: false,
  loseAcknowledgement: false,
});

/** The sealed secret as it lies in its store; absent: the vault is the store. */
export const sealedSecretOf = ({ body }: Pick<SealedSecretState, 'body'>): SealedSecret | undefined => {
  const secret: SealedSecret | undefined = body === undefined ? undefined : JSON.parse(body).record;
  return secret?.state === 'active' ? secret : undefined;
};

/** The newest token that is kept sealed; absent: the vault has it. */
export const newestSealed = (state: SealedSecretState | undefined): unknown => {
  const secret = state && sealedSecretOf(state);
  if (secret === undefined || !hasMovedOn(secret)) return undefined;
  return contentOf(newestOf(secret)?.envelope ?? '');
};

/** A blob with the ETag rules of Blob Storage. */
export const fakeSealedSecretStore = (state: SealedSecretState, call: PortCall): SealedSecretStore => {
  const write = (body: string, isCurrent: boolean) => {
    if (state.down) return failure('sealed_secret', 'unavailable', true);
    if (!isCurrent) return failure('sealed_secret', 'conflict');
    state.body = body;
    state.etag++;
    if (!state.loseAcknowledgement) return { ok: true } as const;
    state.loseAcknowledgement = false;
    return failure('sealed_secret', 'unavailable', true);
  };
  return portOf<SealedSecretStore>('sealed', call, {
    read() {
      if (state.down) return failure('sealed_secret', 'unavailable');
      const { body } = state;
      return { ok: true, ticket: body === undefined ? undefined : { body, etag: String(state.etag) } };
    },
    put: (_id, body) => write(body, state.body === undefined),
    replace: (_id, body, etag) => write(body, etag === String(state.etag)),
  });
};
