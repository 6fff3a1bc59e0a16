/** JOSE names of what signs a client assertion. @see RFC 7518 §3.1 */
export const ASSERTION_ALGORITHMS = [
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'ES256',
  'ES384',
  'ES512',
] as const;

export type AssertionAlgorithm = (typeof ASSERTION_ALGORITHMS)[number];

/** A key as Key Vault reports it: `RSA`, `RSA-HSM`, `EC`, `EC-HSM`, with its curve. */
export interface KeyKind {
  readonly keyType: string | undefined;
  readonly curve: string | undefined;
}

const BY_CURVE: Readonly<Record<string, AssertionAlgorithm>> = {
  'P-256': 'ES256',
  'P-384': 'ES384',
  'P-521': 'ES512',
};

export type AlgorithmChoice =
  | { readonly ok: true; readonly algorithm: AssertionAlgorithm }
  | { readonly ok: false; readonly problem: string };

/**
 * What a key signs with: what the config names, where the key can; else RS256, the one algorithm of RSA that every
 * server has to know, or what its curve prescribes.
 * @param rsaDefault of the provider, for a key of RSA
 */
export const chooseAlgorithm = (
  { keyType, curve }: KeyKind,
  wanted: AssertionAlgorithm | undefined,
  rsaDefault: AssertionAlgorithm = 'RS256',
): AlgorithmChoice => {
  const isRsa = keyType?.startsWith('RSA') ?? false;
  const own = isRsa ? rsaDefault : keyType?.startsWith('EC') ? BY_CURVE[curve ?? ''] : undefined;
  if (own === undefined)
    return { ok: false, problem: 'only RSA keys and keys of P-256, P-384 and P-521 can sign an assertion' };
  if (wanted === undefined || wanted === own) return { ok: true, algorithm: own };
  if (isRsa && !wanted.startsWith('ES')) return { ok: true, algorithm: wanted };
  const given = isRsa ? 'an RSA key' : `a key of ${curve}`;
  return { ok: false, problem: `it is ${given}, which cannot sign with ${wanted} (clientKey.algorithm)` };
};

/** The hash that an algorithm signs, as node:crypto calls it. */
export const hashOf = (algorithm: AssertionAlgorithm): 'sha256' | 'sha384' | 'sha512' =>
  `sha${algorithm.slice(2) as '256' | '384' | '512'}`;
