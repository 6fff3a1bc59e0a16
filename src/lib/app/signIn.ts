import { SIGN_IN_CALLBACK } from '../callers/rules/returnPath.ts';
import type { SignIn } from '../callers/signIn.ts';
import { partOfApp } from './app.ts';

/** How people sign in to this process with a browser. */
export const signIn = partOfApp(async ({ config, connections }): Promise<SignIn> => {
  const [{ createSignIn, signInNowhere }, { callers: ports }] = await Promise.all([
    import('../callers/signIn.ts'),
    connections(),
  ]);
  const { callers, publicUrl } = config;
  if (callers === undefined || publicUrl === undefined || ports?.signIn === undefined) return signInNowhere;
  const redirectUri = `${publicUrl}${SIGN_IN_CALLBACK}`;
  return createSignIn({ clientId: callers.clientId, redirectUri }, ports.signIn);
});
