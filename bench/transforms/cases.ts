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

const cities = ['Rotterdam', 'Graz', 'Malmö', 'Porto', 'Gdańsk', 'Ghent', 'Tartu', 'Brno'];

/** About 200 bytes: what a table row or an event of an application looks like. */
function order(i: number) {
  return {
    id: 4_000_000 + i,
    customer: `Ada Quist ${i % 977}`,
    email: `ada.quist${i % 977}@example.com`,
    amount: 10.25 + (i % 4000),
    currency: 'EUR',
    items: 1 + (i % 7),
    paid: i % 3 !== 0,
    city: cities[i % cities.length],
    created: 1_767_225_600_000 + i * 137,
    note: null,
    channel: 'web',
  };
}

/** About 1 KB: nested objects, a list and longer texts. */
function longOrder(i: number) {
  return {
    ...order(i),
    address: {
      street: `Harbour Road ${i % 300}`,
      zip: `${10_000 + (i % 89_999)}`,
      country: 'NL',
      floor: i % 9,
    },
    lines: Array.from({ length: 6 }, (_, line) => ({
      sku: `SKU-${(i * 31 + line * 7) % 100_000}`,
      title: 'Stoneware mug, glazed',
      quantity: 1 + ((i + line) % 4),
      price: 4.25 + line,
    })),
    comment:
      'Please leave the parcel with the neighbours at number 12, they are at home all day; the bell does not work since the last storm, and the gate is open until six.',
    agent: 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0',
  };
}

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
