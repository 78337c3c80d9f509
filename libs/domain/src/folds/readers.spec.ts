import { anEvent } from '@muster/testing';
import { readBy, typesReadBy } from './readers.js';

describe('the readers of events', () => {
  it('of one fold are told what it reads, and nothing else', () => {
    expect(typesReadBy('leases')).toEqual(['ActivationGranted', 'ActivationRenewed', 'ActivationReleased', 'ActivationExpired']);
    const isReadByLeases = readBy('leases');
    expect(isReadByLeases(anEvent('ActivationGranted'))).toBe(true);
    expect(isReadByLeases(anEvent('HostRetired'))).toBe(false);
  });

  it('of several folds are told once what more than one of them reads', () => {
    expect(typesReadBy('enrolment', 'proxy')).toEqual([
      'MachineRetired',
      'MachineEnrolled',
      'ProxyActivationRequested',
      'ProxyActivationConfirmed',
      'EnrolmentTokenCreated',
      'EnrolmentTokenRevoked',
    ]);
  });
});
