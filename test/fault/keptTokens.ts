import type { RefreshWorld } from '../fakes/refresh/refreshWorld.ts';

/** Whether any store holds this token now, in the open (the vault) or sealed (the others). */
export const isKept = (world: RefreshWorld, token: string): boolean =>
  world.vault.versions.some(({ value }) => value === token) ||
  holdsSealed(world.control.body ?? '', token) ||
  world.control.aside.some((body) => holdsSealed(body, token)) ||
  world.fallback.items.some(({ envelope }) => holdsSealed(envelope, token));

const holdsSealed = (text: string, token: string): boolean =>
  [...text.matchAll(/kwseal1\.\d+\.([\w-]+)/g)].some(([, rest]) =>
    Buffer.from(rest ?? '', 'base64url')
      .toString()
      .includes(`"${token}"`),
  );
