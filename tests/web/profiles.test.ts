import { describe, expect, test } from 'vitest';
import { profileFile, Profiles, readProfileFile } from '../../web/src/model/profiles';

class FakeStorage {
  constructor(public kept: string | null = null) {}
  getItem(): string | null {
    return this.kept;
  }
  setItem(_: string, value: string): void {
    this.kept = value;
  }
}

const names = ({ list }: Profiles): string[] => list.value.map(({ name }) => name);

test('profiles are kept by name, replaced, renamed and removed', () => {
  const storage = new FakeStorage();
  const profiles = new Profiles(() => storage);
  profiles.save({ name: ' a ', state: 'v=1&y=log' });
  profiles.save({ name: 'b', state: '' });
  profiles.save({ name: 'a', state: 'v=1&y=symlog' });
  profiles.save({ name: '  ', state: '' });
  expect(names(profiles)).toEqual(['a', 'b']);
  profiles.rename('b', 'c');
  profiles.rename('c', ' ');
  const again = new Profiles(() => storage);
  expect(again.list.value).toEqual([
    { name: 'a', state: 'v=1&y=symlog' },
    { name: 'c', state: '' },
  ]);
  again.rename('a', 'c');
  expect(again.list.value).toEqual([{ name: 'c', state: 'v=1&y=symlog' }]);
  again.remove('c');
  expect(names(new Profiles(() => storage))).toEqual([]);
});

test('where the browser keeps nothing, they last as long as the page, which is said', () => {
  const profiles = new Profiles(() => {
    throw new DOMException('no', 'SecurityError');
  });
  profiles.save({ name: 'a', state: '' });
  expect(names(profiles)).toEqual(['a']);
  expect(profiles.refusal.value).toMatch(/^This browser keeps nothing for this page/);
});

test('what is kept may be anything', () => {
  const of = (kept: string): Profiles => new Profiles(() => new FakeStorage(kept));
  expect(of('{').refusal.value).toBe('What this browser kept of the profiles is damaged');
  for (const kept of ['null', '{"__proto__":[]}', '[null,1,"a",[],{"name":1,"state":""},{"name":"","state":""}]']) {
    expect([names(of(kept)), of(kept).refusal.value]).toEqual([[], '']);
  }
});

describe('a file', () => {
  test('gives back the profile', async () => {
    const profile = { name: 'é "x"', state: 'v=1&smoothing=0.9&y=log' };
    expect(await readProfileFile(profileFile(profile))).toEqual(profile);
  });

  test.each([
    ['', 'The file is no profile: it is not JSON'],
    ['null', 'The file is no profile of Tensorpane'],
    ['[]', 'The file is no profile of Tensorpane'],
    ['{"tensorpane":"scalars","version":1}', 'The file is no profile of Tensorpane'],
    ['{"tensorpane":"profile","version":"1","name":"a","state":""}', 'The file is no profile of Tensorpane'],
    ['{"tensorpane":"profile","version":2}', 'The profile was saved by a newer version: reload the page to get it'],
    ['{"tensorpane":"profile","version":1,"name":"a","state":"v=99"}', 'The profile was saved by a newer version: reload the page to get it'], // prettier-ignore
    ['{"tensorpane":"profile","version":1,"name":"a","state":"x"}', 'The profile is damaged'],
    ['{"tensorpane":"profile","version":1,"name":"a","state":"v=1&z=AAAA"}', 'The profile is damaged'],
    ['{"tensorpane":"profile","version":1,"name":" ","state":""}', 'The profile is damaged'],
    ['{"tensorpane":"profile","version":1,"name":{},"state":""}', 'The profile is damaged'],
    [`"${'a'.repeat(2 << 20)}"`, 'The file is larger than any profile: it was left alone'],
  ])('%#: that is none says so', async (text, sentence) => {
    await expect(readProfileFile(text)).rejects.toThrow(sentence);
  });
});
