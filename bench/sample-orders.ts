const cities = ['Rotterdam', 'Graz', 'Malmö', 'Porto', 'Gdańsk', 'Ghent', 'Tartu', 'Brno'];

/** About 200 bytes: what a table row or an event of an application looks like. */
export function order(i: number) {
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
export function longOrder(i: number) {
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
