import { longOrder, order } from '../sample-orders.ts';

/** One kind of record to move; all contenders get the same bytes and the same config. */
export interface Case {
  readonly name: string;
  readonly config: Readonly<Record<string, string>>;
  /** The text of the record of that number. */
  record(index: number): string;
}

const chain = {
  transforms: 'origin,hide,name',
  'transforms.origin.type': 'org.apache.kafka.connect.transforms.InsertField$Value',
  'transforms.origin.static.field': 'source',
  'transforms.origin.static.value': 'shop-db',
  'transforms.hide.type': 'org.apache.kafka.connect.transforms.MaskField$Value',
  'transforms.hide.fields': 'email',
  'transforms.name.type': 'org.apache.kafka.connect.transforms.ReplaceField$Value',
  'transforms.name.renames': 'amount:total',
};

const json = 'org.apache.kafka.connect.json.JsonConverter';
const configWith = (schemas: boolean): Record<string, string> => ({
  'key.converter': json,
  'key.converter.schemas.enable': 'false',
  'value.converter': json,
  'value.converter.schemas.enable': String(schemas),
  ...chain,
});

export const cases: readonly Case[] = [
  { name: '200 B, schemaless', config: configWith(false), record: (i) => JSON.stringify(order(i)) },
  { name: '1 KB, schemaless', config: configWith(false), record: (i) => JSON.stringify(longOrder(i)) },
  {
    name: '200 B with schema',
    config: configWith(true),
    record: (i) => `{"schema":${orderSchema},"payload":${JSON.stringify(order(i))}}`,
  },
];

const field = (name: string, type: string, optional: boolean) => ({ type, optional, field: name });
const orderSchema = JSON.stringify({
  type: 'struct',
  fields: [
    field('id', 'int64', false),
    field('customer', 'string', true),
    field('email', 'string', true),
    field('amount', 'double', true),
    field('currency', 'string', true),
    field('items', 'int32', true),
    field('paid', 'boolean', true),
    field('city', 'string', true),
    field('created', 'int64', true),
    field('note', 'string', true),
    field('channel', 'string', true),
  ],
  optional: false,
  name: 'shop.Order',
});
