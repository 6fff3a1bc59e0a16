import './health.ts';
import './scanTarget.ts';
import './scanTimer.ts';
import './flushTelemetry.ts';
import './vaultEvent.ts';
