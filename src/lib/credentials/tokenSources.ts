/** Where an access token that was handed out came from. */
export const TOKEN_SOURCES = {
  hit: { meaning: 'it was on record and served' },
  refreshed: { meaning: 'the grant was refreshed for it' },
  kept: { meaning: 'a newer one was wanted and cannot be had now; this one lives until its end' },
} as const;

export type TokenSource = keyof typeof TOKEN_SOURCES;
