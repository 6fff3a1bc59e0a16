/** One file of tests, and so one process of the compiler: its start and its first answers cost as much as thirty more. */
import './bicep/compiler.ts';
import './bicep/deploymentOfAlerts.ts';
import './bicep/deploymentOfStores.ts';
import './bicep/refusals.ts';
import './bicep/watchedWorkspaces.ts';
