import type { EventOf, RefusalReason } from '@muster/contracts';
import type { HostState } from '@muster/domain';
import { findProduct } from '@muster/domain';

const details: Readonly<Record<RefusalReason, string>> = {
  'product-not-covered': "The host's certificate covers a lower product group. Ask the vendor for a host key of a higher one, or use another host.",
  'host-retired': 'The host was retired. Point the machine to another host of the organisation.',
  'host-certificate-not-valid': "The host's certificate is not valid at this time. The administrator has to activate the host again.",
  'qualification-missing': "The product is licensed as an upgrade, and the machine's firmware does not show that the machine qualifies for it.",
};

const REMEDY_DEFAULT = 'Ask the vendor for a full licence, or install the product on a machine that came with one.';

/** What a refused machine's administrator is told, with the vendor's own remedy where its policy names one: by the certificate that the refusal was decided by. */
export const refusalDetail = ({ data }: EventOf<'ActivationRefused'>, host: HostState): string => {
  if (data.reason !== 'qualification-missing') return details[data.reason];
  const certificate = host.status === 'not-activated' ? undefined : host.certificates.get(data.basis.certificate);
  const remedy = certificate === undefined ? undefined : findProduct(certificate.claims, data.product)?.qualification?.remedy;
  return `${details[data.reason]} ${remedy ?? REMEDY_DEFAULT}`;
};
