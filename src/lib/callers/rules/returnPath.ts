/** Where a sign-in leads that was begun for nothing in particular. */
export const HOME = '/api/board';

const LONGEST = 2048;
/** The host takes letters of both sorts, and encoded ones, for the same: no path of ours needs the latter. */
const OWN_PATH = /^\/api\/(?!sign-)[\w-]+(?:\/[\w-]+)*$/i;
/** Only its form counts; it is never asked. */
const SOME_ORIGIN = 'https://own.invalid';

/**
 * Where to go after a sign-in: a path of ours as browsers write it, to the letter, so that nothing in it can be read
 * as another host. Anything else leads home, and so does the sign-in itself, which would lead to itself for ever.
 */
export const returnPathOf = (to: string | null | undefined): string => {
  if (!to || to.length > LONGEST || !URL.canParse(to, SOME_ORIGIN)) return HOME;
  const { origin, pathname, search } = new URL(to, SOME_ORIGIN);
  const isOwn = origin === SOME_ORIGIN && `${pathname}${search}` === to;
  return isOwn && OWN_PATH.test(pathname) ? to : HOME;
};

/** Where the identity provider leads back to, behind the public address. */
export const SIGN_IN_CALLBACK = '/api/sign-in/callback';

/** Where a person signs in who then wants to be there. */
export const signInPathTo = (to: string): string => `/api/sign-in?to=${encodeURIComponent(to)}`;
