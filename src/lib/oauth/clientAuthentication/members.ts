import * as z from 'zod/mini';
import { described, keyVaultName, optional } from '../../kernel/schema.ts';

/** The vault of a credential. */
export const vaultMember = optional(z.string(), 'Address of the vault; that of the grant when absent.');

/** The name of an object of that vault. */
export const nameMember = (what: string): z.ZodMiniString =>
  described(keyVaultName, `Name of the ${what} in that vault.`);
