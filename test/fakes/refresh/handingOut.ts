import type { Tokens } from '../../../src/lib/oauth/ports.ts';
import { newSealedSecretState } from './fakeSealedSecretStore.ts';
import type { RefreshWorld } from './refreshWorld.ts';
import { changeAnswers } from './worldEvents.ts';
/** Every access token begins with it, so that a search for it in any output finds any token. */
export const ACCESS_CANARY = 'CANARY-access-token';

/** The same world, where access tokens of the grant are handed out. Each refresh brings another, by default for an hour. */
export const handingOut = (
  world: RefreshWorld,
  answered: Partial<Tokens> = { accessTokenExpiresInSeconds: 3600 },
): RefreshWorld => {
  const grant = { ...world.grant, accessTokens: { callers: [] } };
  const handing = { ...world, grant, sealed: newSealedSecretState() };
  changeAnswers(handing, (answer) =>
    answer.kind === 'tokens'
      ? {
          ...answer,
          accessToken: `${ACCESS_CANARY}-${handing.server.state.requests}`,
          accessTokenExpiresInSeconds: undefined,
          ...answered,
        }
      : answer,
  );
  return handing;
};
