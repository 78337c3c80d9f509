import fc from 'fast-check';
import { AnswerReader } from './answer-reader.js';

const BODY = '{"outcome":"granted","count":25,"note":"ü"}';
const answer = (body = BODY): Buffer =>
  Buffer.from(`HTTP/1.1 201 Created\r\nContent-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body)}\r\nConnection: keep-alive\r\n\r\n${body}`);

describe('an answer', () => {
  it('is read whole, wherever the network cut it', () => {
    const bytes = answer();
    fc.assert(
      fc.property(fc.uniqueArray(fc.integer({ min: 1, max: bytes.length - 1 }), { maxLength: 6 }), (cuts) => {
        const reader = new AnswerReader();
        const ends = [...cuts.sort((a, b) => a - b), bytes.length];
        const read = ends.map((end, index) => reader.push(bytes.subarray(ends[index - 1] ?? 0, end)));
        expect(read.pop()).toEqual({ status: 201, body: BODY });
        expect(read.every((early) => early === undefined)).toBe(true);
      }),
    );
  });

  it('may be followed by the next one', () => {
    const reader = new AnswerReader();
    expect(reader.push(answer())?.body).toBe(BODY);
    expect(reader.push(answer(''))).toEqual({ status: 201, body: '' });
  });

  it.each([
    ['without a length', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n'],
    ['of another protocol', 'ICY 200 OK\r\nContent-Length: 0\r\n\r\n'],
    ['that nobody asked for', `${answer().toString()}HTTP`],
  ])('%s is refused', (_, bytes) => {
    expect(() => new AnswerReader().push(Buffer.from(bytes))).toThrow();
  });
});
