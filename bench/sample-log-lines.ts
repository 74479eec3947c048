const cities = ['Rotterdam', 'Graz', 'Turin', 'Porto', 'Lodz', 'Ghent', 'Tartu', 'Brno'];

/** About 200 bytes: what a service writes to its log. */
export function logLine(i: number): string {
  const seconds = String(i % 60).padStart(2, '0');
  const milliseconds = String(i % 1000).padStart(3, '0');
  const trace = ((i * 2_654_435_761) % 2 ** 32).toString(16).padStart(8, '0');
  return `2026-03-01T08:15:${seconds}.${milliseconds}Z INFO  [checkout-${i % 8}] com.example.orders.Checkout - order ${4_000_000 + i} of customer ${i % 977} paid, ${1 + (i % 7)} items to ${cities[i % cities.length]} in ${20 + (i % 900)} ms, PUT /v1/orders/payment 200, trace ${trace}${trace} span ${trace}`;
}
