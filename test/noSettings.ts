import { expect } from 'vitest';

/** Tests go by the settings that they give: those of the shell that runs them, a deployment's say, are forgotten. */
const HAS_SWITCHES = /[\\/]test[\\/](?:fault|infra)[\\/]/;

if (!HAS_SWITCHES.test(expect.getState().testPath ?? ''))
  for (const name of Object.keys(process.env)) if (name.startsWith('KEYWATCH_')) delete process.env[name];
