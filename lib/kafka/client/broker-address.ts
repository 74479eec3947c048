export interface BrokerAddress {
  readonly host: string;
  readonly port: number;
}

export const addressText = ({ host, port }: BrokerAddress): string => `${host}:${port}`;
