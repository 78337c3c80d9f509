import { credentialsConfig } from '@muster/issuance';
import type { ConfigOf } from '@muster/service';
import { commonConfig, databaseConfig, defineConfig } from '@muster/service';

export const activationConfig = defineConfig({ ...commonConfig, ...databaseConfig, ...credentialsConfig });

export type ActivationConfig = ConfigOf<typeof activationConfig>;
