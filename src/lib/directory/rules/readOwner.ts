import { isRecord } from '../../kernel/isRecord.ts';
import { printable } from '../../kernel/printable.ts';
import type { DirectoryOwner } from './directoryApplication.ts';

const NAME_LENGTH = 128;

/** An owner of an answer: what the caller may not read of it is null. `undefined` for what is none. */
export const readOwner = (value: unknown): DirectoryOwner | undefined => {
  if (!isRecord(value) || typeof value['id'] !== 'string') return undefined;
  const names = [value['mail'], value['userPrincipalName'], value['displayName']];
  const name = names.find((one) => typeof one === 'string' && one.trim() !== '');
  return {
    id: printable(value['id'], 36),
    type: TYPES[String(value['@odata.type'])] ?? 'other',
    name: typeof name === 'string' ? printable(name.trim(), NAME_LENGTH) : undefined,
  };
};

const TYPES: Readonly<Record<string, DirectoryOwner['type']>> = {
  '#microsoft.graph.user': 'user',
  '#microsoft.graph.servicePrincipal': 'servicePrincipal',
};
