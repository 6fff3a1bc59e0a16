import './firstScan.ts';
import './flushTelemetry.ts';
import './health.ts';
import './refreshGrant.ts';
import './refreshTimer.ts';
import './scanTarget.ts';
import './scanTimer.ts';
import './vaultEvent.ts';
