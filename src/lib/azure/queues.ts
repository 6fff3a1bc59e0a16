/** Names of the work queues; the Functions host puts what fails too often into `NAME-poison`. */
export const SCAN_QUEUE = 'keywatch-scan';
export const REFRESH_QUEUE = 'keywatch-refresh';
export const POISON_QUEUES: readonly string[] = [`${SCAN_QUEUE}-poison`, `${REFRESH_QUEUE}-poison`];
