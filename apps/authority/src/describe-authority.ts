import { describeApi } from '@muster/service/openapi';

export const describeAuthority = describeApi({
  title: 'Muster authority',
  description: "The vendor's side: activation keys, activations of hosts and of machines, revocations. A key stands in bodies only; everything but the open routes needs an access token.",
});
