import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { DataFolder } from './dataFolder.ts';
import { type KeyVaultStandIn, startKeyVaultStandIn } from './keyVault/keyVaultStandIn.ts';
import { companyVaults, seedVault } from './seed/company.ts';
import { type MachineCertificates, machineCertificates } from './seed/machineCertificates.ts';
import type { SeededVault } from './seed/seededObject.ts';

export interface LocalVaults {
  readonly standIn: KeyVaultStandIn;
  readonly company: readonly SeededVault[];
  readonly certificates: MachineCertificates;
  /** Objects put in here at this start, to which the grants' own come; 0 when the data of an earlier one was found. */
  readonly seeded: number;
}

const PORTS_FILE = 'ports.json';

/** Starts the vaults of the seeded company, at their addresses of last time where these are free. */
export const startLocalVaults = async (
  folder: DataFolder,
  nowEpochMs: () => number,
): Promise<LocalVaults> => {
  const certificates = machineCertificates();
  const company = companyVaults(certificates);
  const start = (ports: Readonly<Record<string, number>>) =>
    startKeyVaultStandIn({
      vaults: company.map(({ name }) => ({ name, port: ports[name] ?? 0 })),
      nowEpochMs,
      ...(folder.isKept ? { folder: join(folder.path, 'vaults') } : {}),
    });
  const ports = folder.isKept ? readPorts(folder.path) : {};
  const standIn = await start(ports).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EADDRINUSE') throw error;
    return start({});
  });
  if (folder.isKept) writePorts(folder.path, standIn);
  const seeded = company
    .map((vault) => seedVault(standIn.vault(vault.name), vault, nowEpochMs()))
    .reduce((sum, count) => sum + count, 0);
  return { standIn, company, certificates, seeded };
};

/** Identifiers of objects hold the port, so messages that wait from last time need the same ones. */
const readPorts = (folder: string): Record<string, number> => {
  try {
    const ports: unknown = JSON.parse(readFileSync(join(folder, PORTS_FILE), 'utf8'));
    if (typeof ports !== 'object' || ports === null) return {};
    const usable = Object.entries(ports).filter(
      ([, port]) => Number.isInteger(port) && port > 0 && port < 65536,
    );
    return Object.fromEntries(usable);
  } catch {
    return {};
  }
};

const writePorts = (folder: string, { vaults }: KeyVaultStandIn): void => {
  const ports = Object.fromEntries(vaults.map(({ name, url }) => [name, Number(new URL(url).port)]));
  writeFileSync(join(folder, PORTS_FILE), `${JSON.stringify(ports, null, 2)}\n`, { mode: 0o600 });
};
