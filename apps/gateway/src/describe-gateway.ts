import { describeApi } from '@muster/service/openapi';

export const describeGateway = describeApi({
  title: 'Muster activation host',
  description: 'Volume activation for your own software. Requests are signed by the machine; everything else but the open routes needs an access token of a role that `x-muster-roles` names.',
});
