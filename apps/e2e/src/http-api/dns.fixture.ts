import { dnsDescriptionSchema, dnsPlanSchema, dnsRecordsSchema } from '@muster/contracts';
import type { Answer, HostApi } from '../host/host-api.js';
import { jsonOf, problemOf } from '../host/host-api.js';

const JSON_BODY = { 'content-type': 'application/json' };

/** DNS of a host that listens on loopback and was told of no domain: there is nothing to list, and it says so. */
export const describeDns = (api: () => HostApi): void => {
  describe('DNS of a host that nobody set up for it', () => {
    const order = (path: string, body: unknown, method = 'POST'): Promise<Answer> => api().operatorCall(path, { method, headers: JSON_BODY, body: JSON.stringify(body) });

    it('is empty', async () => {
      expect(dnsDescriptionSchema.parse(jsonOf(await api().operatorCall('/v1/dns')))).toMatchObject({ serving: true, deployment: expect.stringMatching(/^[0-9a-f]{32}$/) as unknown, endpoints: [], domains: [] });
      expect(dnsRecordsSchema.parse(jsonOf(await api().operatorCall('/v1/dns/records')))).toMatchObject({ records: [] });
      expect(dnsPlanSchema.parse(jsonOf(await api().operatorCall('/v1/dns/plan')))).toMatchObject({ domains: [] });
    });

    it('takes no order about what it does not know, and records none', async () => {
      const head = await api().head();
      const endpoint = 'nobody.corp.example:443';
      expect(problemOf(await order('/v1/dns/withdrawals', { endpoint })).code).toBe('endpoint-unknown');
      expect(problemOf(await order('/v1/dns/publications', { endpoint })).code).toBe('endpoint-unknown');
      expect(problemOf(await order('/v1/dns/preferences', { endpoint, priority: 5 }, 'PUT')).code).toBe('endpoint-unknown');
      expect(problemOf(await order('/v1/dns/applications', { domains: ['corp.example'] })).code).toBe('dns-domain-unknown');
      expect(problemOf(await api().operatorCall('/v1/dns/plan?domain=corp.example')).code).toBe('dns-domain-unknown');
      expect(problemOf(await api().operatorCall('/v1/dns/records?domain=corp.example&domain=lab.example')).code).toBe('dns-domain-unknown');
      expect(await api().head()).toBe(head);
    });
  });
};
