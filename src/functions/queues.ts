/** Names of the work queues; the host puts what fails too often into `NAME-poison`. */
export const SCAN_QUEUE = 'keywatch-scan';
