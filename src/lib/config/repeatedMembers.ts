export interface RepeatedMember {
  readonly path: readonly PropertyKey[];
  /** Of the later one. */
  readonly line: number;
}

interface Open {
  /** Of an object: the members so far; absent: a list. */
  readonly names: Set<string> | undefined;
  at: string | number;
}

const TOKEN = /"(?:[^"\\]+|\\.)*"|[{}[\]:,\n]/g;

/** The members that an object of a JSON text has more than once: the last one counts, and what the others say is lost. */
export const repeatedMembers = (json: string): readonly RepeatedMember[] => {
  const repeated: RepeatedMember[] = [];
  const open: Open[] = [];
  let text = '';
  let line = 1;
  for (const [token] of json.matchAll(TOKEN)) {
    const inner = open.at(-1);
    if (token === '\n') line += 1;
    else if (token === '{') open.push({ names: new Set(), at: '' });
    else if (token === '[') open.push({ names: undefined, at: 0 });
    else if (token === '}' || token === ']') open.pop();
    else if (token === ':' && inner?.names !== undefined) {
      inner.at = JSON.parse(text) as string;
      if (inner.names.has(inner.at)) repeated.push({ path: open.map(({ at }) => at), line });
      inner.names.add(inner.at);
    } else if (token !== ',') text = token;
    else if (typeof inner?.at === 'number') inner.at += 1;
  }
  return repeated;
};
