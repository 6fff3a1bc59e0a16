import { isRecord } from '../../lib/kernel/isRecord.ts';
import { badParameter } from './errors.ts';
import type { StoredAttributes } from './storedObject.ts';

const MAX_TAGS = 15;
const MAX_TAG_CHARACTERS = 256;
const MAX_CONTENT_TYPE_CHARACTERS = 255;
const MAX_VALUE_BYTES = 25 * 1024;

type Json = Readonly<Record<string, unknown>>;

/** The JSON object of a request body, or of one of its members; refuses anything else with 400. */
export const jsonObject = (value: unknown, what: string): Json => {
  if (isRecord(value)) return value;
  throw badParameter(`${what} must be a JSON object`);
};

/** `attributes` of a new version: inherits nothing. */
export const newAttributes = (body: Json, nowSeconds: number): StoredAttributes => ({
  enabled: true,
  ...attributeChanges(body),
  created: nowSeconds,
  updated: nowSeconds,
});

/** `attributes` of a version after an update: what the request does not name stays. */
export const changedAttributes = (
  old: StoredAttributes,
  body: Json,
  nowSeconds: number,
): StoredAttributes => ({ ...old, ...attributeChanges(body), updated: nowSeconds });

const CHANGEABLE = ['enabled', 'nbf', 'exp'];

const attributeChanges = (body: Json): Partial<StoredAttributes> => {
  const given = Object.entries(jsonObject(body['attributes'] ?? {}, 'attributes'));
  return Object.fromEntries(given.filter(([name, value]) => CHANGEABLE.includes(name) && value !== null));
};

/** `tags` of a request, where it has any: at most 15, names and values of at most 256 characters. */
export const tagsOf = (body: Json): { tags?: Readonly<Record<string, string>> } => {
  if (body['tags'] === undefined || body['tags'] === null) return {};
  const tags = jsonObject(body['tags'], 'tags');
  if (Object.keys(tags).length > MAX_TAGS) throw badParameter(`at most ${MAX_TAGS} tags are allowed`);
  for (const [name, value] of Object.entries(tags)) {
    if (Math.max(name.length, String(value).length) > MAX_TAG_CHARACTERS)
      throw badParameter(`a tag's name and value have at most ${MAX_TAG_CHARACTERS} characters each`);
  }
  return { tags: tags as Readonly<Record<string, string>> };
};

export const contentTypeOf = (body: Json): { contentType?: string } => {
  const { contentType } = body;
  if (typeof contentType !== 'string') return {};
  if (contentType.length > MAX_CONTENT_TYPE_CHARACTERS)
    throw badParameter(`contentType has at most ${MAX_CONTENT_TYPE_CHARACTERS} characters`);
  return { contentType };
};

export const secretValueOf = (body: Json): string => {
  const { value } = body;
  if (typeof value !== 'string') throw badParameter('value must be a string');
  if (Buffer.byteLength(value) > MAX_VALUE_BYTES)
    throw badParameter(`a secret's value has at most ${MAX_VALUE_BYTES} bytes`);
  return value;
};

/** Refuses a name that Key Vault would refuse: letters, digits and hyphens, 1 to 127 of them. */
export const checkedName = (name: string): string => {
  if (/^[0-9A-Za-z-]{1,127}$/.test(name)) return name;
  throw badParameter('a name has 1 to 127 letters, digits and hyphens');
};
