const cities = ['Rotterdam', 'Graz', 'Malmö', 'Porto', 'Gdańsk', 'Ghent', 'Tartu', 'Brno'];

/** A row of the table the bench reads: its members are the columns, and its JSON has about 257 bytes. */
export interface TableOrder {
  readonly id: number;
  readonly customer: string;
  readonly note: string;
  readonly amount: number;
  readonly paid: boolean;
  /** Milliseconds since the epoch. */
  readonly created: number;
}

/** The columns of a TableOrder. The types are such that Kafka Connect's JSON of a row is that of a TableOrder. */
export const tableColumns: readonly string[] = [
  'id bigint PRIMARY KEY',
  'customer text NOT NULL',
  'note text NOT NULL',
  'amount double precision NOT NULL',
  'paid boolean NOT NULL',
  'created timestamp NOT NULL',
];

export const tableOrder = (i: number): TableOrder => ({
  id: 4_000_000 + i,
  customer: `Ada Quist ${i % 977}`,
  note: `Please leave the parcel with the neighbours at number ${i % 89}, ${cities[i % cities.length]}: the gate is open until seven sharp, and the bell does not work since the last big storm.`,
  amount: 10.25 + (i % 4000),
  paid: i % 3 !== 0,
  created: 1_767_225_600_000 + i * 137,
});

/** As COPY reads it, cells parted by tabs; there is nothing in a TableOrder that had to be escaped. */
export const copyLine = ({ created, ...cells }: TableOrder): string =>
  [...Object.values(cells), new Date(created).toISOString().slice(0, -1)].join('\t');
