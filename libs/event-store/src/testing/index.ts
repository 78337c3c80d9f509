export type { SampleBatch, SampleRequest } from './sample-batch.js';
export { hostRetired, machineOf, machineRetired, requestAndDeferral, requestIdOf, sampleBatch } from './sample-batch.js';
export type { HeldRequest, TcpProxy } from './tcp-proxy.js';
export { startTcpProxy } from './tcp-proxy.js';
