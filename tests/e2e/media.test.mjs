/** Sounds, animations and videos: what is shown of them, heard and saved is what was written. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile, mkdir } from 'node:fs/promises';
import { readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before } from 'node:test';
import { eventFile, tensor } from './event_file.mjs';
import { expectedOf, logsOf, ROOT, testTab } from './page.mjs';

const VIEW = '#v=1&view=audio';
const sha256 = (bytes) => createHash('sha256').update(bytes).digest('hex');

const GIFS = JSON.parse(readFileSync(join(ROOT, 'tests/data/media/oracle.json'), 'utf8')).gifs;
const gif = (name) => readFileSync(join(ROOT, 'tests/data/media', `${name}.gif`));
const image = (bytes) => tensor([3], { strings: ['9', '9', bytes] });

const HOSTILE = '<img src=x onerror=alert(1)> [x](javascript:alert(2)) **bold**';
let folder;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tensorpane-media-'));
  const values = Object.keys(GIFS).map((tag) => ({ tag, step: 0, plugin: 'images', tensor: image(gif(tag)) }));
  await mkdir(join(folder, 'gifs/run'), { recursive: true });
  await writeFile(join(folder, 'gifs/run/events.out.tfevents.1'), eventFile(values));
  const wav = readFileSync(join(ROOT, 'tests/data/media/s16_2.wav'));
  const sound = (bytes, label) => tensor([1, 2], { strings: [bytes, label] });
  await mkdir(join(folder, 'odd/run'), { recursive: true });
  await writeFile(
    join(folder, 'odd/run/events.out.tfevents.1'),
    eventFile([
      { tag: 'hostile', step: 0, plugin: 'audio', tensor: sound(wav, HOSTILE) },
      { tag: 'listed', step: 0, plugin: 'audio', tensor: sound(wav, '- one\n- two\n\n[here](https://example.org/)') },
      { tag: 'junk', step: 0, plugin: 'audio', tensor: sound('no sound at all', '') },
      { tag: 'short', step: 0, plugin: 'audio', tensor: sound(wav.subarray(0, wav.length / 2), '') },
      { tag: 'steps', step: 0, plugin: 'audio', tensor: sound(wav, 'the *first*') },
      { tag: 'steps', step: 10, plugin: 'audio', tensor: sound(wav, 'the *last*') },
      { tag: 'cut', step: 0, plugin: 'images', tensor: image(gif('plain')) },
      { tag: 'cut', step: 10, plugin: 'images', tensor: image(gif('plain').subarray(0, 300)) },
      { tag: 'video', step: 0, plugin: 'images', tensor: image(Buffer.from('\x1a\x45\xdf\xa3 no video', 'latin1')) },
    ]),
  );
});
after(() => rm(folder, { recursive: true }));

const card = (tab, tag, run) => tab.page.getByRole('article', { name: `${tag}, ${run}`, exact: true });
const waveform = (tab, tag, run) => card(tab, tag, run).getByRole('slider', { name: /^Waveform/ });
const seconds = async (slider) => Number(await slider.getAttribute('aria-valuenow'));

/** Only cards near the window exist: a filter brings one there. */
async function show(tab, tag) {
  await tab.filterTags(`/^${tag}$/`);
}

async function save(tab, tag, run) {
  await card(tab, tag, run).hover();
  const [download] = await Promise.all([
    tab.page.waitForEvent('download'),
    card(tab, tag, run).getByRole('button', { name: 'Save the bytes' }).first().click(),
  ]);
  return { name: download.suggestedFilename(), bytes: await readFile(await download.path()) };
}

/** Wide enough for all settings to be in the bar. */
const SOUNDS = { folders: [logsOf('edge_values')], hash: VIEW, width: 1600 };

testTab('every sound of edge_values says what it is, and is saved as it is', SOUNDS, async (tab) => {
  const { tags } = expectedOf('edge_values').runs.find(({ run }) => run === 'sounds');
  for (const [tag, { values }] of Object.entries(tags)) {
    await show(tab, tag);
    const [[first]] = values;
    const text = (await card(tab, tag, 'sounds').innerText()).replace(/\s+/g, ' ');
    if (!first) {
      assert.match(text, /No samples at this step/);
      continue;
    }
    if (!first.error) {
      assert.ok(text.includes(`${Number((first.sample_rate / 1000).toPrecision(4))} kHz`), `${tag}: ${text}`);
      assert.ok(text.includes(`${(first.frames / first.sample_rate).toFixed(2)} s`), `${tag}: ${text}`);
    }
    if (first.label) assert.equal(await card(tab, tag, 'sounds').locator('.label strong').innerText(), 'label');
    const { bytes, name } = await save(tab, tag, 'sounds');
    assert.equal(sha256(bytes), first.sha256, name);
    // Formats that Python's `wave` does not read are no less sounds.
    if (first.frames !== 0) await waveform(tab, tag, 'sounds').waitFor();
  }
});

testTab(
  'a sound that the browser does not play stays drawn, and an enlarged one names its tag',
  SOUNDS,
  async (tab) => {
    const [tag, run] = ['old/rate_1', 'sounds'];
    await show(tab, tag);
    await card(tab, tag, run).getByRole('button', { name: 'Play' }).click();
    await card(tab, tag, run).getByText('not playable here').waitFor();
    assert.ok(await waveform(tab, tag, run).isVisible());
    await card(tab, tag, run).hover();
    await card(tab, tag, run).getByRole('button', { name: 'Enlarge' }).click();
    await card(tab, tag, run).getByRole('heading').getByText(tag).waitFor();
  },
);

/** What a waveform has, from the element itself. */
const peaksOf = (slider) =>
  slider.evaluate(async (frame) => {
    const { sound, peaks } = frame.closest('tp-waveform');
    return { peaks: [...peaks.value], channels: sound.clip.value.channels };
  });

testTab('the waveform has the least and the greatest of the samples', SOUNDS, async (tab) => {
  await show(tab, 'old/pcm24_stereo');
  const { bytes } = await save(tab, 'old/pcm24_stereo', 'sounds');
  const samples = [[], []];
  const data = bytes.subarray(bytes.indexOf('data') + 8);
  for (let at = 0; at + 3 <= data.length; at += 3) samples[(at / 3) % 2].push(data.readIntLE(at, 3) / 2 ** 23);
  const { peaks, channels } = await peaksOf(waveform(tab, 'old/pcm24_stereo', 'sounds'));
  assert.equal(channels, 2);
  const columns = peaks.length / 4;
  samples.forEach((channel, i) => {
    const part = peaks.slice(2 * columns * i, 2 * columns * (i + 1));
    const least = part.filter((_, at) => at % 2 === 0);
    assert.equal(Math.min(...least), Math.fround(Math.min(...channel)));
    assert.equal(Math.max(...part), Math.fround(Math.max(...channel)));
  });
});

testTab('what the browser decodes has a waveform too', SOUNDS, async (tab) => {
  for (const tag of ['old/flac', 'old/ulaw']) {
    await show(tab, tag);
    const { peaks, channels } = await peaksOf(waveform(tab, tag, 'sounds'));
    assert.equal(channels, 1);
    assert.ok(Math.max(...peaks) > 0.1, tag);
  }
});

testTab(
  'a sound plays, and another one goes on where it was',
  { folders: [logsOf('tf_summaries')], hash: VIEW },
  async (tab) => {
    const run = 'audio';
    const cards = await tab.page
      .getByRole('article')
      .evaluateAll((all) => all.map((one) => one.getAttribute('aria-label')));
    const [first, second] = cards.filter((name) => name.startsWith('audio/'));
    const one = tab.page.getByRole('article', { name: first, exact: true });
    const other = tab.page.getByRole('article', { name: second, exact: true });
    await one.getByRole('slider', { name: /^Waveform/ }).click({ position: { x: 150, y: 10 } });
    const from = await seconds(one.getByRole('slider', { name: /^Waveform/ }));
    assert.ok(from > 0.05, `${from} of ${run}`);
    await one.getByRole('button', { name: 'Play', exact: true }).click();
    await tab.page.waitForFunction((start) => Number(document.querySelector('tp-waveform .frame').getAttribute('aria-valuenow')) > start, from); // prettier-ignore
    // It may have ended before anybody asks: so the page keeps where it began.
    await other.getByRole('slider', { name: /^Waveform/ }).evaluate((frame) => {
      const seen = () => {
        const at = Number(frame.getAttribute('aria-valuenow'));
        if (at > 0) globalThis.began ??= at;
      };
      new MutationObserver(seen).observe(frame, { attributeFilter: ['aria-valuenow'] });
      seen();
    });
    await other.getByRole('button', { name: 'Play', exact: true }).click();
    await one.getByRole('button', { name: 'Play', exact: true }).waitFor();
    await other.getByRole('button', { name: 'Play', exact: true }).waitFor();
    const began = await tab.page.evaluate(() => globalThis.began);
    assert.ok(began >= from, `began at ${began}, not from ${from} on`);
  },
);

testTab('a selection is made, looped and left with keys alone', SOUNDS, async (tab) => {
  await show(tab, 'old/pcm16');
  await tab.page.getByRole('checkbox', { name: 'Loop' }).focus();
  await tab.page.keyboard.press('Space');
  const slider = waveform(tab, 'old/pcm16', 'sounds');
  await tab.page.keyboard.press('Tab');
  while (!(await slider.evaluate((frame) => frame === document.activeElement))) await tab.page.keyboard.press('Tab');
  for (let i = 0; i < 50; i++) await tab.page.keyboard.press('ArrowRight');
  for (let i = 0; i < 5; i++) await tab.page.keyboard.press('Shift+ArrowRight');
  assert.equal(await slider.getAttribute('aria-valuetext'), '0.10 of 0.20 s, selected 0.10 to 0.12 s');
  await tab.page.keyboard.press('Space');
  // It goes back, and never leaves what is selected.
  await tab.page.evaluate(() => {
    const frame = document.activeElement;
    globalThis.seen = [];
    new MutationObserver(() => globalThis.seen.push(Number(frame.getAttribute('aria-valuenow')))).observe(frame, {
      attributes: true,
      attributeFilter: ['aria-valuenow'],
    });
  });
  await tab.page.waitForFunction(() => globalThis.seen.some((at, i) => at < globalThis.seen[i - 1]));
  await tab.page.keyboard.press('Space');
  const seen = await tab.page.evaluate(() => globalThis.seen);
  assert.ok(Math.min(...seen) >= 0.1 - 1e-3, String(seen));
  await tab.page.keyboard.press('Escape');
  assert.doesNotMatch(await slider.getAttribute('aria-valuetext'), /selected/);
  // The step of all cards was never meant.
  assert.doesNotMatch(await tab.page.evaluate(() => location.hash), /step=/);
});

testTab('a sound is zoomed by keys and wheel, and what is drawn is of that part', SOUNDS, async (tab) => {
  await show(tab, 'old/pcm16');
  const slider = waveform(tab, 'old/pcm16', 'sounds');
  const text = () => slider.getAttribute('aria-valuetext');
  await slider.focus();
  const whole = (await peaksOf(slider)).peaks;
  await tab.page.keyboard.press('+');
  await tab.idle();
  assert.match(await text(), /shown 0\.0000? to 0\.1000? s|shown 0\.00\d* s to 0\.10\d* s/);
  // The first half of the peaks is drawn over all of the width.
  const half = (await peaksOf(slider)).peaks;
  assert.ok(Math.abs(Math.max(...half) - Math.max(...whole.slice(0, whole.length / 2))) < 1e-6);
  await tab.untilHash(() => location.hash.includes('soundzoom=') && /soundzoom=old\/pcm16,0:0\.1/.test(location.hash));
  const { x, y, width, height } = await slider.boundingBox();
  await tab.page.mouse.move(x + width, y + height / 2);
  await tab.page.keyboard.down('Control');
  await tab.page.mouse.wheel(0, -1000);
  await tab.page.keyboard.up('Control');
  await tab.page.waitForFunction(() => !document.activeElement.getAttribute('aria-valuetext').includes('shown 0.00'));
  // A place on the picture is a time of the part.
  await tab.page.mouse.click(x + 1, y + height / 2);
  assert.ok((await seconds(slider)) > 0.05);
  await tab.page.mouse.dblclick(x + 9, y + height / 2);
  assert.doesNotMatch(await text(), /shown/);
  await tab.page.keyboard.press('Home');
  for (let i = 0; i < 10; i++) await tab.page.keyboard.press('Shift+ArrowRight');
  await tab.page.keyboard.press('z');
  assert.match(await text(), /selected 0\.00 to 0\.04 s, shown 0\.00\d* s to 0\.04/);
  await tab.page.keyboard.press('0');
  assert.doesNotMatch(await text(), /shown/);
});

testTab(
  'a sound that is normalised is as loud as it can be',
  { ...SOUNDS, hash: `${VIEW}&normalise=1` },
  async (tab) => {
    await show(tab, 'old/pcm16');
    const slider = waveform(tab, 'old/pcm16', 'sounds');
    await tab.idle();
    const { gain, peaks } = await slider.evaluate((frame) => {
      const { sound, state, peaks } = frame.closest('tp-waveform');
      return { gain: sound.sound(state.normalise).gain(), peaks: [...peaks.value] };
    });
    assert.ok(gain > 1);
    assert.ok(Math.abs(gain * Math.max(...peaks.map(Math.abs)) - 1) < 1e-6);
    await card(tab, 'old/pcm16', 'sounds').getByRole('button', { name: 'Play', exact: true }).click();
    await card(tab, 'old/pcm16', 'sounds').getByRole('button', { name: 'Play', exact: true }).waitFor();
  },
);

testTab('the settings of spectrograms are in the address', SOUNDS, async (tab) => {
  await show(tab, 'old/pcm16');
  const ticks = () => card(tab, 'old/pcm16', 'sounds').locator('.ticks').innerText();
  assert.match(await ticks(), /4k\s*2k\s*0 Hz/);
  await tab.page.getByRole('radio', { name: 'Mel' }).click();
  await tab.idle();
  assert.match(await ticks(), /4k\s*1\.1k\s*0 Hz/);
  const range = tab.page.getByRole('textbox', { name: /decibels/ });
  await range.fill('60');
  await range.press('Enter');
  await tab.page.getByRole('radio', { name: 'Spectrogram' }).click();
  await tab.idle();
  assert.equal(await waveform(tab, 'old/pcm16', 'sounds').count(), 0);
  await tab.untilHash(() =>
    [/sounds=spectrogram/, /frequency=mel/, /decibels=-60/].every((field) => field.test(location.hash)),
  );
});

// ---- animations

/** Number of the frame that is drawn, and a hash of its pixels. */
async function frameOf(picture) {
  const [frame, pixels] = await picture.locator('canvas').evaluate((canvas) => {
    const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
    return [Number(canvas.dataset.frame), [...data]];
  });
  return { frame, sha: sha256(Uint8Array.from(pixels)) };
}

for (const [how, init] of [
  ['the browser', []],
  ['our own decoder', [() => delete globalThis.ImageDecoder]],
]) {
  testTab(`frames of GIFs are those of the oracle, by ${how}`, { host: undefined, init, hash: VIEW }, async (tab) => {
    await tab.drop(join(folder, 'gifs'));
    for (const [tag, { frames }] of Object.entries(GIFS)) {
      // What is beyond the screen, browsers see each in its own way.
      if (frames.length < 2 || (tag === 'outside' && init.length === 0)) continue;
      await show(tab, tag);
      const picture = card(tab, tag, 'run').getByRole('img');
      await picture.focus();
      for (const [i, sha] of frames.entries()) {
        await tab.idle();
        assert.deepEqual(await frameOf(picture), { frame: i, sha }, `${tag} ${i}`);
        await tab.page.keyboard.press('ArrowRight');
      }
      await tab.page.keyboard.press('Home');
    }
  });
}

const VIDEO = { folders: [logsOf('tbx_all')], hash: VIEW, width: 1600 };

testTab('an animation plays, pauses, steps and is scrubbed', VIDEO, async (tab) => {
  await show(tab, 'video');
  const one = tab.page.getByRole('article').first();
  assert.match(await one.innerText(), /GIF · 12 frames · [\d.]+ fps · 40 × 32/);
  const track = one.getByRole('slider', { name: 'Frame' });
  const frame = async () => (await tab.idle(), (await frameOf(one.getByRole('img'))).frame);
  assert.equal(await frame(), 0);
  await one.getByRole('button', { name: 'Next frame' }).click();
  assert.equal(await frame(), 1);
  await track.focus();
  await tab.page.keyboard.press('Shift+ArrowRight');
  assert.equal(await frame(), 11);
  await tab.page.keyboard.press('Home');
  const { x, y, width, height } = await track.boundingBox();
  await tab.page.mouse.click(x + width / 2, y + height / 2);
  assert.ok([5, 6].includes(await frame()));
  await one.getByRole('button', { name: 'Loop' }).click();
  await one.getByRole('combobox', { name: 'Speed' }).selectOption('4');
  await one.getByRole('button', { name: 'Play frames' }).click();
  // Not in a loop, it ends at its end.
  await tab.page.waitForFunction(() => document.querySelector('.track[aria-label=Frame]').getAttribute('aria-valuenow') === '12'); // prettier-ignore
  await one.getByRole('button', { name: 'Play frames' }).waitFor();
  assert.equal(await frame(), 11);
});

testTab('animations are in sync, or each for itself', VIDEO, async (tab) => {
  await tab.filterTags('/^video/');
  /** The frame of each, and the one that its clock of so many seconds gives. */
  const frames = () =>
    tab.page.locator('tp-player').evaluateAll((all) =>
      all.map((player) => {
        const { times } = player.item;
        const now = Number(player.querySelector('[aria-label=Frame]').getAttribute('aria-valuenow')) - 1;
        const start = (frame) => times.slice(0, frame).reduce((sum, time) => sum + time, 0);
        return { now, from: start(now), to: start(now + 1), last: times.length - 1 };
      }),
    );
  const [first] = await frames();
  await tab.page.getByRole('slider', { name: 'Frame' }).first().focus();
  for (let i = 0; i < 5; i++) await tab.page.keyboard.press('ArrowRight');
  await tab.idle();
  const [one, other] = await frames();
  assert.equal(one.now, 5);
  assert.ok((other.from <= one.from + 1e-6 && one.from < other.to) || other.now === other.last, JSON.stringify(other));
  assert.equal(first.now, 0);
  await tab.page.getByRole('checkbox', { name: 'Play all in sync' }).click();
  await tab.idle();
  await tab.page.getByRole('button', { name: 'Next frame' }).first().click();
  await tab.idle();
  assert.deepEqual(
    (await frames()).map(({ now }) => now),
    [1, 0],
  );
});

const ENCODED = join(ROOT, 'tests/data/media');

testTab('videos and animated WebP of other encoders are played', { hash: VIEW }, async (tab) => {
  const encoded = join(folder, 'encoded');
  await mkdir(join(encoded, 'run'), { recursive: true });
  const values = ['ball.mp4', 'ball.webm', 'ball.webp'].map((tag) => ({
    tag,
    step: 0,
    plugin: 'images',
    tensor: image(readFileSync(join(ENCODED, tag))),
  }));
  const sounds = ['tone.flac', 'tone.ogg', 'tone.mp3'].map((tag) => ({
    tag,
    step: 0,
    plugin: 'audio',
    tensor: tensor([1, 2], { strings: [readFileSync(join(ENCODED, tag)), ''] }),
  }));
  await writeFile(join(encoded, 'run/events.out.tfevents.1'), eventFile([...values, ...sounds]));
  await tab.drop(encoded);
  for (const tag of ['ball.mp4', 'ball.webm']) {
    await show(tab, tag);
    const video = card(tab, tag, 'run').locator('video');
    await video.evaluate((one) => one.readyState > 0 || new Promise((done) => (one.onloadedmetadata = done)));
    const facts = await video.evaluate((one) => [one.videoWidth, one.videoHeight, one.duration]);
    assert.deepEqual(facts.slice(0, 2), [48, 32], tag);
    assert.ok(Math.abs(facts[2] - 0.8) < 0.11, `${tag} ${facts[2]} s`);
  }
  await show(tab, 'ball.webp');
  const picture = card(tab, 'ball.webp', 'run').getByRole('img');
  assert.match(await card(tab, 'ball.webp', 'run').innerText(), /WEBP · 8 frames · 10 fps · 48 × 32/);
  await tab.idle();
  const { sha } = await frameOf(picture);
  await picture.focus();
  await tab.page.keyboard.press('End');
  await tab.idle();
  const last = await frameOf(picture);
  assert.equal(last.frame, 7);
  assert.notEqual(last.sha, sha);
  for (const { tag } of sounds) {
    await show(tab, tag);
    const { peaks, channels } = await peaksOf(waveform(tab, tag, 'run'));
    assert.equal(channels, 1, tag);
    // A sine of half the range.
    assert.ok(Math.abs(Math.max(...peaks) - 0.5) < 0.1, `${tag} ${Math.max(...peaks)}`);
  }
});

// ---- what is odd

testTab('labels do nothing, junk says what it is, and damage is told', { hash: VIEW }, async (tab) => {
  await tab.drop(join(folder, 'odd'));
  await show(tab, 'hostile');
  const label = card(tab, 'hostile', 'run').locator('.label');
  await label.locator('strong').waitFor();
  assert.equal((await label.innerText()).trim(), 'x bold');
  assert.equal(await label.locator('img, a[href], script').count(), 0);
  await show(tab, 'listed');
  // Tables, lists and the like are in the same line.
  const blocks = card(tab, 'listed', 'run').locator('.label');
  await blocks.locator('li').first().waitFor();
  assert.deepEqual(await blocks.locator('li, a').allInnerTexts(), ['one', 'two', 'here']);
  assert.ok((await blocks.boundingBox()).height < 24);
  await show(tab, 'junk');
  assert.match(
    await card(tab, 'junk', 'run').getByRole('alert').innerText(),
    /A sound of 15 B, unknown format\. .*save/,
  );
  const mute = card(tab, 'junk', 'run').getByRole('button', { name: 'Play' });
  assert.equal(await mute.getAttribute('aria-disabled'), 'true');
  assert.notEqual(await mute.getAttribute('title'), null);
  const saved = await save(tab, 'junk', 'run');
  assert.deepEqual([saved.name, String(saved.bytes)], ['run.junk.step0.bin', 'no sound at all']);
  await show(tab, 'short');
  await card(tab, 'short', 'run')
    .getByText(/^cut, \d+\.\d\d s of \d+\.\d\d s$/)
    .waitFor();
  await show(tab, 'video');
  assert.match(await card(tab, 'video', 'run').innerText(), /A video of .*WEBM\. .*save/s);
  await show(tab, 'cut');
  const picture = card(tab, 'cut', 'run').getByRole('img');
  await picture.focus();
  await tab.page.keyboard.press('End');
  await tab.idle();
  assert.match(await card(tab, 'cut', 'run').innerText(), /damaged/);
  // The frames before are as they were.
  await tab.page.keyboard.press('Home');
  await tab.idle();
  assert.doesNotMatch(await card(tab, 'cut', 'run').innerText(), /damaged/);
});

testTab('the nearest step before is shown, and said', { hash: `${VIEW}&step=5` }, async (tab) => {
  await tab.drop(join(folder, 'odd'));
  await show(tab, 'steps');
  assert.match(await card(tab, 'steps', 'run').innerText(), /Step 0\s+nearest before 5/);
  assert.match(await card(tab, 'steps', 'run').innerText(), /the first/);
  await tab.page.getByRole('slider', { name: 'Step', exact: true }).focus();
  await tab.page.keyboard.press('ArrowRight');
  await tab.idle();
  assert.match(await card(tab, 'steps', 'run').innerText(), /the last/);
});
