import { describe, expect, it } from 'vitest';
import { HubError } from '../errors.ts';
import { isInternal, type OutgoingPolicy, outgoingTarget, type Resolve } from './outgoing-url.ts';

const strict: OutgoingPolicy = { allowedHosts: [], allowHttp: false };
const names: Record<string, string[]> = {
  'ehr.example': ['93.184.215.14'],
  'six.example': ['2606:2800:21f:cb07:6820:80da:af6b:8b2c'],
  'inside.example': ['10.1.2.3'],
  'both.example': ['93.184.215.14', '127.0.0.1'],
  'nowhere.example': [],
};
const resolve: Resolve = async host => {
  const found = names[host];
  if (!found) throw new Error(`ENOTFOUND ${host}`);
  return found.map(address => ({ address, family: address.includes(':') ? 6 : 4 }));
};

describe('an outgoing URL', () => {
  it.each([
    ['https://ehr.example/fhir', '93.184.215.14'],
    ['https://EHR.example:8443/fhir', '93.184.215.14'],
    ['https://six.example/', '2606:2800:21f:cb07:6820:80da:af6b:8b2c'],
    ['https://93.184.215.14/', '93.184.215.14'],
  ])('%s is called at %s', async (url, address) => {
    expect((await outgoingTarget(url, strict, resolve)).address).toBe(address);
  });

  it.each([
    'http://ehr.example/',
    'ftp://ehr.example/',
    'file:///etc/passwd',
    'ehr.example',
    '',
    'https://user:word@ehr.example/',
    'https://unknown.example/',
    'https://nowhere.example/',
    'https://inside.example/',
    'https://both.example/',
    'https://127.0.0.1/',
    'https://2130706433/',
    'https://0x7f.1/',
    'https://0177.0.0.1/',
    'https://127.1/',
    'https://0.0.0.0/',
    'https://10.0.0.1/',
    'https://172.31.255.255/',
    'https://192.168.1.1/',
    'https://100.64.0.1/',
    'https://169.254.169.254/latest/meta-data/',
    'https://[::1]/',
    'https://[::]/',
    'https://[fe80::1]/',
    'https://[fd00:ec2::254]/',
    'https://[::ffff:127.0.0.1]/',
    'https://[64:ff9b::7f00:1]/',
    'https://[2002:7f00:1::]/',
    'https://224.0.0.1/',
    'https://255.255.255.255/',
  ])('%s is refused', async url => {
    const refusal = await outgoingTarget(url, strict, resolve).then(
      () => undefined,
      error => error,
    );
    expect(refusal).toBeInstanceOf(HubError);
    expect((refusal as HubError).kind).toBe('invalid');
    expect((refusal as HubError).message).not.toMatch(/10\.1\.2\.3|ENOTFOUND/);
  });

  it('reaches what the operator allows, and only that', async () => {
    const policy = { allowedHosts: ['inside.example'], allowHttp: true };
    expect((await outgoingTarget('http://inside.example/', policy, resolve)).address).toBe('10.1.2.3');
    await expect(outgoingTarget('http://both.example/', policy, resolve)).rejects.toThrow('not public');
  });

  it('what is no address at all is not public', () => {
    expect(['', 'localhost', '1.2.3', 'fe80::1%eth0'].map(isInternal)).toEqual([true, true, true, true]);
  });
});
