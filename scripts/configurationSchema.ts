import * as z from 'zod';
import { configFile } from '../src/lib/config/file.ts';

/** The part of JSON Schema that the schema of the config file is written in. */
export interface JsonSchema {
  readonly type?: string | readonly string[];
  readonly description?: string;
  readonly default?: string;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly items?: JsonSchema;
  readonly additionalProperties?: boolean | JsonSchema;
  readonly oneOf?: readonly JsonSchema[];
  readonly enum?: readonly string[];
  readonly const?: string;
  readonly pattern?: string;
  readonly format?: string;
  readonly minimum?: number;
  readonly exclusiveMinimum?: number;
  readonly maximum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
}

/** JSON Schema of `keywatch.config.json`, by which editors complete and check it. */
export const configurationSchema = (): JsonSchema => ({
  ...(z.toJSONSchema(configFile, { io: 'input' }) as JsonSchema),
  description:
    'What Keywatch watches and by which rules. Holds no secret: it only names secrets in Key Vault.',
});
