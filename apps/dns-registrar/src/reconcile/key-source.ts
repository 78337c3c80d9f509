import { readFile, stat } from 'node:fs/promises';
import type { TsigKey } from '@muster/dns-wire';
import { parseTsigKeys, readTsigKeyFile } from '@muster/dns-wire';

/** The key of a file, read again whenever the file is another one: a key is rotated by replacing its file. */
export class KeySource {
  private seen = '';
  private key: TsigKey | undefined;

  constructor(private readonly file: string | undefined) {}

  /** The key that was read last; for descriptions. */
  get name(): string | null {
    return this.key?.name ?? null;
  }

  /** @throws DnsFailure `invalid` when there is no usable key in the file */
  async current(): Promise<TsigKey | undefined> {
    if (this.file === undefined) return undefined;
    const seen = await this.look();
    if (this.key === undefined || seen !== this.seen) {
      this.seen = seen;
      this.key = undefined;
      // Its first key signs: the others wait for their day.
      const [first] = parseTsigKeys(await readFile(this.file, 'utf8').catch(() => ''));
      this.key = await readTsigKeyFile(this.file, first === undefined ? {} : { name: first.name });
    }
    return this.key;
  }

  /** Whether the file is another one than when it was last read. */
  async isReplaced(): Promise<boolean> {
    return this.file !== undefined && this.seen !== '' && (await this.look()) !== this.seen;
  }

  private async look(): Promise<string> {
    const found = await stat(this.file ?? '').catch(() => undefined);
    return found === undefined ? 'none' : `${found.ino} ${found.size} ${found.ctimeMs}`;
  }
}
