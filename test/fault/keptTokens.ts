import { findEnvelopes } from '../../src/lib/stores/rules/sealedEnvelope.ts';
import { oncePerText } from '../fakes/oncePer.ts';
import { contentOf } from '../fakes/refresh/fakeTokenSeal.ts';
import type { RefreshWorld } from '../fakes/refresh/refreshWorld.ts';

/** Whether any store holds this token now, in the open (the vault) or sealed (the others). */
export const isKept = (world: RefreshWorld, token: string): boolean =>
  world.vault.versions.some(({ value }) => value === token) ||
  holdsSealed(world.control.body ?? '', token) ||
  holdsSealed(world.sealed?.body ?? '', token) ||
  world.control.aside.some((body) => holdsSealed(body, token)) ||
  world.fallback.items.some(({ envelope }) => holdsSealed(envelope, token));

const sealedIn = oncePerText((text) => findEnvelopes(text).map(contentOf));

const holdsSealed = (text: string, token: string): boolean => sealedIn(text).includes(token);
