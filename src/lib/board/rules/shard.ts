import { stableShare } from '../../kernel/stableShare.ts';

/** Subjects are spread over so many pieces: few to read for a page, and seldom two that write one at a time. */
export const SHARDS = [...'0123456789abcdef'] as const;

/** The piece of a subject, for good: what was kept under another would not be found. */
export const shardOf = (id: string): string => SHARDS[Math.floor(stableShare(id) * SHARDS.length)] ?? '0';
