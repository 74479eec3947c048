import { describe, expect, it } from 'vitest';
import {
  type OffsetRequest,
  parseSinkOffsets,
  requestNumber,
} from '../../../lib/coordinator/sink-offset-request.ts';
import { parseExact } from '../../../lib/foundation/json/parse-exact.ts';

const parse = (body: string) => [
  ...parseSinkOffsets(parseExact(body, requestNumber) as OffsetRequest[]).values(),
];
const request = (partition: string, offset: string) =>
  `[{"partition":{"kafka_topic":"t","kafka_partition":${partition}},"offset":${offset}}]`;

describe('parseSinkOffsets', () => {
  it.each([
    ['0', '{"kafka_offset":5}', { partition: 0, offset: 5n }],
    ['"3"', '{"kafka_offset":"+7"}', { partition: 3, offset: 7n }],
    ['0', '{"kafka_offset":9223372036854775807}', { partition: 0, offset: 9223372036854775807n }],
    ['0', 'null', { partition: 0, offset: null }],
  ])('partition %s with offset %s', (partition, offset, expected) => {
    expect(parse(request(partition, offset))).toEqual([{ topic: 't', ...expected }]);
  });

  it.each([
    ['5.0', '{"kafka_offset":5}', /partition value in the provided offsets: '5.0'/],
    ['2147483648', '{"kafka_offset":5}', /partition value in the provided offsets: '2147483648'/],
    ['0', '{"kafka_offset":9223372036854775808}', /offset value .* '9223372036854775808'/],
    ['0', '{"kafka_offset":"x"}', /Offset values for sink connectors need to be integers/],
    ['0', '{"offset":1}', /contain the key 'kafka_offset'/],
    ['0', '5', /The offset of a sink connector offset must be a JSON object/],
  ])('partition %s with offset %s is a bad request', (partition, offset, message) => {
    expect(() => parse(request(partition, offset))).toThrow(message);
    expect(() => parse(request(partition, offset))).toThrow(expect.objectContaining({ code: 'BAD_REQUEST' }));
  });

  it('takes the last of two requests for one partition, numbers as strings included', () => {
    const requests = [
      { partition: { kafka_topic: 't', kafka_partition: 0 }, offset: { kafka_offset: 1 } },
      { partition: { kafka_topic: 't', kafka_partition: '0' }, offset: { kafka_offset: 2 } },
    ];
    expect([...parseSinkOffsets(requests).values()]).toEqual([{ topic: 't', partition: 0, offset: 2n }]);
  });
});
