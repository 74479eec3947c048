import { connectVersion } from '../../api/connect-version.ts';
import type { Route } from '../request.ts';

export interface RootDeps {
  /** Which build of Sluice answers. */
  readonly commit: string;
  readonly kafkaClusterId: () => Promise<string>;
}

/** `GET /`: what every client asks first. The version is that of the Kafka Connect it may take this for. */
export const rootRoutes = ({ commit, kafkaClusterId }: RootDeps): Route[] => [
  {
    method: 'GET',
    path: '/',
    handle: async () => ({
      json: { version: connectVersion, commit, kafka_cluster_id: await kafkaClusterId() },
    }),
  },
];
