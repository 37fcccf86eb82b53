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
  again.remove('a');
  again.remove('c');
  expect(names(new Profiles(() => storage))).toEqual([]);
});

test('none takes the place of another by its name, or because there are too many', () => {
  const storage = new FakeStorage('[{"name":"a","state":""},{"name":"b","state":""}]');
  const profiles = new Profiles(() => storage);
  const taken = 'There is a profile b already: rename or delete that first';
  expect(() => profiles.rename('a', ' b')).toThrow(taken);
  expect(() => profiles.add({ name: 'b', state: 'v=1' })).toThrow(taken);
  for (let i = 0; i < 98; i++) profiles.add({ name: `${i}`, state: '' });
  const tooMany = 'There are 100 profiles, and no more are kept: delete one first';
  expect(() => profiles.save({ name: 'c', state: '' })).toThrow(tooMany);
  profiles.save({ name: 'a', state: 'v=1&y=log' });
  expect([profiles.list.value.length, profiles.list.value[0]]).toEqual([100, { name: 'a', state: 'v=1&y=log' }]);
});

test('two tabs keep each other’s', () => {
  const storage = new FakeStorage();
  const [one, other] = [new Profiles(() => storage), new Profiles(() => storage)];
  one.save({ name: 'a', state: '' });
  other.save({ name: 'b', state: '' });
  one.rename('b', 'c');
  other.remove('a');
  one.refresh();
  expect([names(one), names(other)]).toEqual([['c'], ['c']]);
});

test('where the browser keeps nothing, they last as long as the page, which is said', () => {
  const profiles = new Profiles(() => {
    throw new DOMException('no', 'SecurityError');
  });
  profiles.save({ name: 'a', state: '' });
  profiles.save({ name: 'b', state: '' });
  profiles.refresh();
  expect(names(profiles)).toEqual(['a', 'b']);
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
