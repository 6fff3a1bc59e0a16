import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** One entry of an official type file (bicep-types format): only the fields that the checks read. */
export interface OfficialType {
  $type: string;
  name?: string;
  value?: string;
  pattern?: string;
  minLength?: number;
  maxLength?: number;
  minValue?: number;
  maxValue?: number;
  discriminator?: string;
  properties?: Record<string, OfficialProperty>;
  baseProperties?: Record<string, OfficialProperty>;
  additionalProperties?: Reference;
  itemType?: Reference;
  body?: Reference;
  elements?: Reference[] | Record<string, Reference>;
}
export interface Reference {
  $ref: string;
}
export interface OfficialProperty {
  type: Reference;
  flags: number;
}

export const REQUIRED = 1;
export const READ_ONLY = 2;

/** A type together with the file that its references point into. */
export interface Typed {
  type: OfficialType;
  follow: (reference: Reference) => Typed;
}

export interface OfficialTypes {
  /** The body of a resource type at an API version; undefined where there is none. */
  body: (type: string, apiVersion: string) => Typed | undefined;
  /** Every `type@apiVersion` that the folder defines. */
  names: string[];
}

/**
 * The folder of official type definitions: `BICEP_TYPES`, or `../shared/bicep-types` beside the
 * repository, looked for one and two levels up. Undefined where there is none: a user's clone has none.
 */
export const findTypesFolder = (root: string, given: string | undefined): string | undefined => {
  const candidates =
    given !== undefined && given !== ''
      ? [given]
      : [join(root, '../shared/bicep-types'), join(root, '../../shared/bicep-types')];
  const found = candidates.find((folder) => existsSync(join(folder, 'index.json')));
  if (found === undefined && given !== undefined && given !== '')
    throw new Error(`BICEP_TYPES names ${given}, which holds no index.json`);
  return found;
};

/** Reads type files on demand and keeps them. Type names compare without regard to case, as ARM does. */
export const loadOfficialTypes = (folder: string): OfficialTypes => {
  const index: Record<string, string> = JSON.parse(readFileSync(join(folder, 'index.json'), 'utf8'));
  const fileOf = new Map(Object.entries(index).map(([name, file]) => [name.toLowerCase(), file]));
  const loaded = new Map<string, OfficialType[]>();
  const load = (file: string): OfficialType[] => {
    const types = loaded.get(file) ?? JSON.parse(readFileSync(join(folder, file), 'utf8'));
    loaded.set(file, types);
    return types;
  };
  return {
    names: Object.keys(index),
    body: (type, apiVersion) => {
      const wanted = `${type}@${apiVersion}`.toLowerCase();
      const file = fileOf.get(wanted);
      if (file === undefined) return undefined;
      const types = load(file);
      const follow = (reference: Reference): Typed => {
        const target = types[Number(reference.$ref.slice(2))];
        if (target === undefined) throw new Error(`${file}: ${reference.$ref} points nowhere`);
        return { type: target, follow };
      };
      const resource = types.find(
        (candidate) => candidate.$type === 'ResourceType' && candidate.name?.toLowerCase() === wanted,
      );
      return resource?.body === undefined ? undefined : follow(resource.body);
    },
  };
};

/** The properties of an object type; those of a discriminated type as chosen by `discriminatorValue`. */
export const propertiesOf = (
  typed: Typed,
  discriminatorValue?: string,
): { properties: Record<string, OfficialProperty>; rest: Reference | undefined } => {
  if (typed.type.$type !== 'DiscriminatedObjectType')
    return { properties: typed.type.properties ?? {}, rest: typed.type.additionalProperties };
  const elements = typed.type.elements as Record<string, Reference>;
  const chosen = discriminatorValue === undefined ? undefined : elements[discriminatorValue];
  const own = chosen === undefined ? undefined : typed.follow(chosen).type;
  return {
    properties: { ...typed.type.baseProperties, ...own?.properties },
    rest: own?.additionalProperties,
  };
};

export const unionElements = (typed: Typed): Typed[] =>
  (typed.type.elements as Reference[]).map((reference) => typed.follow(reference));
