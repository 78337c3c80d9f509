import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { hardwareEvidenceSchema, isSameHardware } from '@muster/contracts';
import { hardwareEvidenceOf } from './hardware-evidence.js';
import { readHardwareFacts } from './hardware-facts.js';

describe('what a machine is made of', () => {
  let sys: string;
  beforeEach(() => {
    sys = mkdtempSync(join(tmpdir(), 'muster-sys-'));
  });
  afterEach(() => rmSync(sys, { recursive: true }));

  const put = (files: Readonly<Record<string, string>>): void => {
    for (const [name, content] of Object.entries(files)) {
      const path = join(sys, name);
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, `${content}\n`);
    }
  };

  it('is read where Linux tells it', () => {
    put({
      'class/dmi/id/sys_vendor': 'Example',
      'class/dmi/id/board_name': 'B1',
      'class/dmi/id/board_serial': 'for root alone',
      'block/sda/device/wwid': 'naa.5000c500',
      'block/sdb/device/wwid': 'a stick',
      'block/sdb/removable': '1',
      'block/loop0/size': '0',
      'class/net/lo/address': '00:00:00:00:00:00',
      'class/net/eth0/address': '52:54:00:aa:bb:cc',
      'class/net/eth0/addr_assign_type': '0',
      'class/net/wlan0/address': '02:00:00:11:22:33',
      'class/net/wlan0/addr_assign_type': '3',
      'devices/card/vendor': '0x8086',
    });
    for (const name of ['eth0', 'wlan0']) symlinkSync(join(sys, 'devices/card'), join(sys, 'class/net', name, 'device'));
    expect(readHardwareFacts(sys)).toMatchObject({ board: 'Example\nB1', disk: 'naa.5000c500', network: '52:54:00:aa:bb:cc' });
  });

  it('leaves out what cannot be read, and never fails', () => {
    const facts = readHardwareFacts(join(sys, 'nothing here'));
    expect(Object.keys(facts).sort()).toEqual(['memory', 'processor']);
  });

  it('leaves the machine as digests that no other machine shares', () => {
    const facts = { board: 'Example\nB1', processor: '4 × CPU', memory: '16 GiB', disk: 'd', network: 'n' };
    const [ours, theirs] = [hardwareEvidenceOf('ann', facts), hardwareEvidenceOf('ben', facts)];
    expect(hardwareEvidenceSchema.parse(ours)).toEqual(ours);
    expect(JSON.stringify(ours)).not.toContain('Example');
    expect(isSameHardware(ours, theirs)).toBe(false);
    expect(isSameHardware(ours, hardwareEvidenceOf('ann', { ...facts, disk: 'another' }))).toBe(true);
    expect(hardwareEvidenceOf('ann', { memory: '16 GiB' })).toEqual({ memory: ours.memory });
  });
});
