import type { StoreAnswer } from '../kernel/storeFailure.ts';
import type { KeptAccessToken } from '../refresh/refresher.ts';
import { oneAtATime } from './oneAtATime.ts';
import type { TokensPorts } from './ports.ts';

/** Every value that is held is looked for in every text that leaves; what is let go is opened again when it is wanted. */
const MOST_HELD = 200;

type Opened = StoreAnswer<{ readonly accessToken: string }>;

/** Opens the token of a grant once, and holds it until another one is on record: opening asks Key Vault. */
export const openedTokens = ({
  refresher,
}: Pick<TokensPorts, 'refresher'>): ((grantId: string, kept: KeptAccessToken) => Promise<Opened>) => {
  const held = new Map<string, { readonly digest: string; readonly accessToken: string; forget(): void }>();
  const forget = (grantId: string): void => {
    held.get(grantId)?.forget();
    held.delete(grantId);
  };
  const openOnce = oneAtATime(async (_key, grantId: string, kept: KeptAccessToken): Promise<Opened> => {
    const opened = await refresher.openAccessToken(grantId, kept);
    if (!opened.ok) return opened;
    const [oldest] = held.keys();
    if (held.size >= MOST_HELD && oldest !== undefined) forget(oldest);
    forget(grantId);
    held.set(grantId, { ...opened, digest: kept.digest });
    return opened;
  });
  return async (grantId, kept) => {
    const known = held.get(grantId);
    if (known?.digest === kept.digest) return { ok: true, accessToken: known.accessToken };
    return openOnce(`${grantId} ${kept.digest}`, grantId, kept);
  };
};
