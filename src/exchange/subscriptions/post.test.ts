import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { type Receiver, startReceiver } from '../../../test/harness/receiver.ts';
import { NotDelivered } from '../../events/delivery/not-delivered.ts';
import { outgoingTarget, type Resolve } from '../outgoing-url.ts';
import { createPoster, type Poster } from './post.ts';

let receiver: Receiver;
let poster: Poster;
let port: string;

beforeAll(async () => {
  receiver = await startReceiver();
  poster = createPoster();
  port = new URL(receiver.url).port;
});
beforeEach(() => {
  receiver.received.length = 0;
  receiver.answer(200);
});
afterAll(async () => {
  await poster.close();
  await receiver.close();
});

const message = { method: 'POST', headers: { 'x-one': '1' }, body: 'hello' } as const;
const policy = { allowedHosts: ['ehr.example'], allowHttp: true };
const resolves =
  (address: string): Resolve =>
  async () => [{ address, family: 4 }];

it('connects to the address that was checked, whatever the name leads to by then', async () => {
  // No name server knows the host: only the checked address can have been used, again and again.
  const target = await outgoingTarget(`http://ehr.example:${port}/hook`, policy, resolves('127.0.0.1'));
  await poster.post(target, message);
  await poster.post(target, message);
  expect(receiver.received.map(one => [one.headers.host, one.headers['x-one'], one.body])).toEqual([
    [`ehr.example:${port}`, '1', 'hello'],
    [`ehr.example:${port}`, '1', 'hello'],
  ]);
});

it('does not call a name that leads inside by the time of sending', async () => {
  const strict = { allowedHosts: [], allowHttp: true };
  const url = 'http://ehr.example/hook';
  expect((await outgoingTarget(url, strict, resolves('93.184.215.14'))).address).toBe('93.184.215.14');
  await expect(outgoingTarget(url, strict, resolves('10.0.0.7'))).rejects.toThrow('not public');
});

it.each([300, 302, 400, 404, 410, 429, 500, 503])('HTTP %i is not delivered', async status => {
  receiver.answer(status);
  const target = await outgoingTarget(receiver.url, { allowedHosts: ['127.0.0.1'], allowHttp: true });
  const failure = poster.post(target, message);
  await expect(failure).rejects.toThrow(NotDelivered);
  await expect(failure).rejects.toThrow(`HTTP ${status}`);
  expect(receiver.received).toHaveLength(1);
});

it('a receiver that is not there is not delivered to, and its address not told', async () => {
  const target = await outgoingTarget('http://ehr.example:9/', policy, resolves('127.0.0.1'));
  const failure = await poster.post(target, message).catch((error: Error) => error);
  expect(failure).toBeInstanceOf(NotDelivered);
  expect(String(failure)).not.toContain('127.0.0.1');
});
