// Made by `npm run docs` from the files beside it: do not edit.
import './board.ts';
import './firstScan.ts';
import './flushTelemetry.ts';
import './grantToken.ts';
import './health.ts';
import './joinOperation.ts';
import './proveTimer.ts';
import './reconnect.ts';
import './refreshGrant.ts';
import './refreshTimer.ts';
import './rotateTimer.ts';
import './scanTarget.ts';
import './scanTimer.ts';
import './signIn.ts';
import './vaultEvent.ts';
import './whoami.ts';
