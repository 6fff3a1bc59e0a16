import { pathOf } from '../../web/rules/routes.ts';

/** The board: where a sign-in leads that was begun for nothing in particular. */
export const HOME = pathOf('board');

/** The way back from a provider may be one, with its code; behind `to=` it has to fit into one line of a request (8 kB). */
const LONGEST = 4096;
/** Only its form counts; it is never asked. */
const SOME_ORIGIN = 'https://own.invalid';

/** The host takes letters of both sorts, and encoded ones, for the same. */
const isOwnPath = (pathname: string): boolean => {
  try {
    const plain = decodeURIComponent(pathname);
    return /^\/api\/(?!sign-)/i.test(plain) && !/\/\/|\/\.\.|[\\\p{C}]/u.test(plain);
  } catch {
    return false;
  }
};

/**
 * Where to go after a sign-in: a path of ours as browsers write it, to the letter, so that nothing in it can be read
 * as another host. Anything else leads home, and so does the sign-in itself, which would lead to itself for ever.
 */
export const returnPathOf = (to: string | null | undefined): string => {
  if (!to || to.length > LONGEST || !URL.canParse(to, SOME_ORIGIN)) return HOME;
  const { origin, pathname, search } = new URL(to, SOME_ORIGIN);
  const isOwn = origin === SOME_ORIGIN && `${pathname}${search}` === to;
  return isOwn && isOwnPath(pathname) ? to : HOME;
};

/** Whether a path of ours is the way back from a provider: what it brings is for the one who was sent there. */
export const holdsCode = (path: string): boolean => {
  const { searchParams } = new URL(path, SOME_ORIGIN);
  return searchParams.has('code') || searchParams.has('state');
};

/** Where the identity provider leads back to, behind the public address. */
export const SIGN_IN_CALLBACK = pathOf('signInCallback');

/** Where a person signs in who then wants to be there. */
export const signInPathTo = (to: string): string => `${pathOf('signIn')}?to=${encodeURIComponent(to)}`;
