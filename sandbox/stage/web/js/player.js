// The player of voice messages and music: one plays at a time.

import { el, icon } from './dom.js';
import { duration, t } from './words.js';

const BARS = 34;
let playing = null;

export function voicePlayer(media) {
  const audio = el('audio', { src: `/stage/file/${encodeURIComponent(media.file)}`, preload: 'none' });
  const total = media.duration || 0;
  const time = el('span', { class: 'voice-time', text: duration(total) });
  const bars = heights(media.file).map((height) => el('i', { style: { '--height': `${height}%` } }));
  const wave = el('span', { class: 'voice-wave', 'aria-hidden': 'true' }, bars);
  const button = el('button', { type: 'button', class: 'voice-button', 'aria-label': t('play') }, icon('play'));
  const node = el('div', { class: 'voice' }, button, el('span', { class: 'voice-body' }, nameOf(media), wave, time), audio);
  const show = (isPlaying) => {
    button.replaceChildren(icon(isPlaying ? 'pause' : 'play'));
    button.setAttribute('aria-label', t(isPlaying ? 'pause' : 'play'));
  };
  const paint = () => {
    const share = total ? audio.currentTime / total : 0;
    bars.forEach((bar, index) => bar.classList.toggle('is-heard', index < share * BARS));
    time.textContent = duration(audio.paused && !audio.currentTime ? total : audio.currentTime);
  };
  button.addEventListener('click', (event) => {
    event.stopPropagation();
    if (!audio.paused) return audio.pause();
    playing?.pause();
    playing = audio;
    return audio.play().catch(() => broken(node, time));
  });
  audio.addEventListener('play', () => show(true));
  audio.addEventListener('pause', () => show(false));
  audio.addEventListener('timeupdate', paint);
  audio.addEventListener('ended', () => {
    audio.currentTime = 0;
    paint();
  });
  return node;
}

function nameOf(media) {
  return media.kind === 'audio' && media.name ? el('span', { class: 'voice-name', text: media.name }) : null;
}

function broken(node, time) {
  node.classList.add('is-broken');
  time.textContent = t('no_sound');
}

/** Heights of the bars in percent: always the same for one file. */
function heights(seed) {
  let state = [...String(seed)].reduce((sum, each) => (sum * 31 + each.charCodeAt(0)) % 2147483647, 7) || 7;
  return Array.from({ length: BARS }, (_, index) => {
    state = (state * 16807) % 2147483647;
    const swell = 0.7 + 0.3 * Math.sin(index / 2.3);
    return Math.round(20 + 80 * swell * (0.3 + 0.7 * (state / 2147483647)));
  });
}
