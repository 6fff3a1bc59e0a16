import type { BoundNode } from './boundTree.ts';

/** Thrown for a construct whose meaning in DuckDB nobody has worked out: never translated by guess. */
export class UnknownKql extends Error {
  constructor(what: string, node: Pick<BoundNode, 'text' | 'start'>) {
    super(`KQL on DuckDB does not know ${what}: ${node.text.slice(0, 120)} (at ${node.start})`);
    this.name = 'UnknownKql';
  }
}
