import type { BoardPorts } from '../board/board.ts';
import type { UseLogs } from '../board/ports.ts';
import type { CallersPorts } from '../callers/callers.ts';
import type { Config } from '../config/config.ts';
import type { Directory, RoleProbe } from '../directory/ports.ts';
import type { GraphIdentity } from '../directory/rules/graphRoles.ts';
import type { ProverPorts } from '../prove/prover.ts';
import type { RefresherPorts } from '../refresh/refresher.ts';
import type { RotatorPorts } from '../rotate/rotator.ts';
import { entraSource } from '../scan/entraSource.ts';
import type { Inventory, ValueAccessProbe, VaultDiscovery } from '../scan/ports.ts';
import type { ScannerPorts } from '../scan/scanner.ts';
import { connectBoard, connectUseLogs } from './boardConnections.ts';
import { connectCallers } from './callerConnections.ts';
import { type ConsentConnections, connectConsents } from './consentConnections.ts';
import { openedOnUse } from './openedOnUse.ts';
import type { Platform } from './platform.ts';
import { connectProve } from './proveConnections.ts';
import { connectRefresh } from './refreshConnections.ts';
import { connectRotate } from './rotateConnections.ts';
import { connectStorage } from './scanStorage.ts';

/** Everything outside that Keywatch works with: the same adapters in Azure and against stand-ins. */
export type Connections = ScannerPorts &
  RefresherPorts &
  ProverPorts &
  RotatorPorts &
  BoardPorts & {
    readonly callers: CallersPorts | undefined;
    readonly consents: ConsentConnections;
    /** Absent where no workspace is named. */
    readonly useLogs?: UseLogs | undefined;
  };

/** Names everything that the configuration asks for. The SDKs are heavy: each is loaded by the first call that needs it. */
export const connect = (config: Config, given: Platform): Connections => {
  const { state, ...recorder } = connectBoard(config, given);
  const platform = { ...given, telemetry: recorder.telemetry };
  const { clock, telemetry, redactor, scanner: credential } = platform;
  return {
    clock,
    telemetry,
    state,
    recorder: recorder.scans,
    secrets: redactor,
    inventory: openedOnUse<Inventory>({ list: true, listVersions: true, renewalPolicy: true }, async () => {
      const { keyVaultInventory } = await import('../scan/keyVault/keyVaultInventory.ts');
      return keyVaultInventory({ credential, clock, allowLoopback: config.allowLoopback });
    }),
    discovery: openedOnUse<VaultDiscovery>({ discover: true }, async () => {
      const { resourceGraphDiscovery } = await import('../scan/discovery/resourceGraphDiscovery.ts');
      return resourceGraphDiscovery({ credential, clock });
    }),
    useLogs: connectUseLogs(config, platform),
    ...connectDirectory(config, platform),
    ...connectStorage(config, platform),
    refresh: config.refresh && connectRefresh(config.refresh, config, platform),
    prove: connectProve(config, platform),
    rotate: connectRotate(config, platform),
    callers: connectCallers(config, platform),
    consents: connectConsents(config, platform),
  };
};

/** The tenant of the config, as a source of credentials and for what vaults hold of it. */
const connectDirectory = (
  { directory: settings, allowLoopback }: Config,
  { clock, telemetry, scanner: credential }: Platform,
): Pick<ScannerPorts, 'directory' | 'furtherSources'> => {
  if (settings === undefined) return {};
  const { tenantId, graphUrl: endpoint, scope } = settings;
  const methods = { list: true, applicationsOf: true, ownersOf: true, federatedOf: true } as const;
  const directory = openedOnUse<Directory>({ ...methods, managementPolicies: true }, async () => {
    const { graphDirectory } = await import('../directory/graph/graphDirectory.ts');
    return graphDirectory({ credential, clock, tenantId, endpoint, allowLoopback });
  });
  return { directory, furtherSources: [entraSource({ directory, clock, telemetry }, scope)] };
};

/** The probe of `keywatch check`, under the same identity that scans. */
export const openValueAccess = async (config: Config, { scanner }: Platform): Promise<ValueAccessProbe> => {
  const { keyVaultValueAccess } = await import('../scan/keyVault/keyVaultValueAccess.ts');
  return keyVaultValueAccess({ credential: scanner, allowLoopback: config.allowLoopback });
};

/**
 * Who signs in to Microsoft Graph by this configuration, for `keywatch check`.
 * @param principalIds object ids of the deployed identities, where whoever checks is none of them
 */
export const openRoleProbes = async (
  { directory: settings, rotate, rotatorClientId, allowLoopback }: Config,
  { clock, scanner, rotator }: Platform,
  principalIds: Readonly<Partial<Record<GraphIdentity, string>>> = {},
): Promise<readonly (readonly [GraphIdentity, RoleProbe])[]> => {
  if (settings === undefined) return [];
  const { tenantId, graphUrl: endpoint } = settings;
  const { assignedRoleProbe, graphRoleProbe } = await import('../directory/graph/graphRoleProbe.ts');
  const probeOf = (identity: GraphIdentity, credential: Platform['scanner']) => {
    const options = { credential, clock, tenantId, endpoint, allowLoopback };
    const { [identity]: principalId } = principalIds;
    const probe =
      principalId === undefined ? graphRoleProbe(options) : assignedRoleProbe(options, principalId);
    return [identity, probe] as const;
  };
  const isRotating =
    rotate !== undefined || rotatorClientId !== undefined || principalIds.rotator !== undefined;
  return [probeOf('scanner', scanner), ...(isRotating ? [probeOf('rotator', rotator)] : [])];
};
